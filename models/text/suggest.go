package text

import (
	"iter"
	"slices"
	"strings"
)

// maxWord is the length in characters from which a word is too long for a slip of the
// fingers to be looked for: the search takes the square of it.
const maxWord = 100

// Suggest is "; did you mean alice?" for the [Nearest] name, or "" if none is near.
func Suggest(word string, names iter.Seq[string]) string {
	name := Nearest(word, names)
	if name == "" {
		return ""
	}
	return "; did you mean " + Printable(name) + "?"
}

// Nearest returns the name most like word, or "" if none is close: within about a third
// of the word's length, upper and lower case being the same; else one that the word begins, or that
// begins the word. Of equally close names it is the first.
func Nearest(word string, names iter.Seq[string]) string {
	w := []rune(strings.ToLower(word))
	best, distance := "", (len(w)+1)/3+1
	if len(w) > maxWord {
		return ""
	}
	for name := range names {
		n := []rune(strings.ToLower(name))
		if gap := len(n) - len(w); gap >= distance || -gap >= distance {
			continue
		}
		if d := editDistance(w, n); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return beginning(w, names)
	}
	return best
}

// leastBeginning is how many characters two words must begin with in common, for one to be meant by the other.
const leastBeginning = 3

// beginning returns the first name that begins with the word, or else the first that the word begins with.
func beginning(w []rune, names iter.Seq[string]) string {
	within := ""
	for name := range names {
		n := []rune(strings.ToLower(name))
		if least := min(len(n), len(w)); least < leastBeginning || !slices.Equal(n[:least], w[:least]) {
			continue
		}
		if len(n) > len(w) {
			return name
		}
		if within == "" {
			within = name
		}
	}
	return within
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
