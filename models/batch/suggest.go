package batch

// suggest returns `; did you mean "alice"?` for the name most like word, or ""
// if none is close: within about a third of the word's length. Of equally close names the
// first is taken.
func suggest(word string, names func(yield func(string) bool)) string {
	w := []rune(word)
	best, distance := "", (len(w)+1)/3+1
	for name := range names {
		n := []rune(name)
		if gap := len(n) - len(w); gap >= distance || -gap >= distance {
			continue
		}
		if d := editDistance(w, n); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + quote(best) + "?"
}

// editDistance counts the insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (the optimal string alignment distance). It takes
// O(len(a)·len(b)) time.
func editDistance(a, b []rune) int {
	before, previous, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, previous, row = previous, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			substitute := previous[j-1]
			if a[i-1] != b[j-1] {
				substitute++
			}
			row[j] = min(substitute, previous[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
