package properties

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/executor/sched"
)

// literal is a number in the text of a workload that is no part of a word.
var literal = regexp.MustCompile(`(^|[^\w.])(-?\d+)($|[^\w.])`)

// numeral is where a number stands in the text of a workload.
type numeral struct {
	file, line int
	from, to   int // bytes of the line
	value      int64
}

// numbers looks for numbers in the workload's text that could be others: with each of several in its place, the case
// fails as before.
func (x *explanation[W, O]) numbers(ctx context.Context) []string {
	files, err := x.engine.Codec.Format(x.small.workload)
	if err != nil {
		return nil
	}
	var places []string
	for at, free := range byLine(numbersIn(files), func(n numeral) bool { return x.free(ctx, files, n) }) {
		text := strings.Split(string(files[at.file].Data), "\n")[at.line]
		places = append(places, fmt.Sprintf("%s in %q (%s:%d)", strings.Join(free, " and "), strings.TrimSpace(text), files[at.file].Name, at.line+1))
	}
	switch len(places) {
	case 0:
		return nil
	case 1:
		return []string{"It fails with other numbers, too, all that were tried for " + places[0] + "."}
	}
	return []string{"It fails with other numbers, too, all that were tried for each of these: " + strings.Join(places, ", ") + "."}
}

// place is a line of a file.
type place struct{ file, line int }

// byLine asks which numbers are free, and returns the texts of those that are, line by line.
func byLine(all []numeral, free func(numeral) bool) func(func(place, []string) bool) {
	return func(yield func(place, []string) bool) {
		for i := 0; i < len(all); {
			at := place{all[i].file, all[i].line}
			var texts []string
			for ; i < len(all) && at == (place{all[i].file, all[i].line}); i++ {
				if free(all[i]) {
					texts = append(texts, strconv.FormatInt(all[i].value, 10))
				}
			}
			if len(texts) > 0 && !yield(at, texts) {
				return
			}
		}
	}
}

// numbersIn finds the numbers in a workload's text, the first whyNumbers of them.
func numbersIn(files []txtar.File) (all []numeral) {
	for f := range files {
		for l, line := range strings.Split(string(files[f].Data), "\n") {
			for from := 0; ; {
				m := literal.FindStringSubmatchIndex(line[from:])
				if m == nil {
					break
				}
				n := numeral{file: f, line: l, from: from + m[4], to: from + m[5]}
				from = n.to
				v, err := strconv.ParseInt(line[n.from:n.to], 10, 64)
				if err != nil {
					continue
				}
				if n.value = v; len(all) == whyNumbers {
					return all
				}
				all = append(all, n)
			}
		}
	}
	return all
}

// leastVariants is how many other numbers must be possible in a place, and fail, for any to be thought to.
const leastVariants = 3

// free reports whether the case fails with each of several other numbers in a place.
func (x *explanation[W, O]) free(ctx context.Context, files []txtar.File, n numeral) bool {
	if unset := x.engine.Codec.Unset; unset != nil && unset(strings.Split(string(files[n.file].Data), "\n")[n.line], n.value) {
		return false
	}
	possible := 0
	for _, v := range []int64{0, 1, n.value + 1, 2*n.value + 3, 977} {
		if v == n.value {
			continue
		}
		w, err := x.engine.Codec.Parse(n.replaced(files, v))
		if err != nil || x.engine.Large != nil && x.engine.Large(w) || x.engine.Within != nil && !x.engine.Within(w) {
			continue
		}
		if x.spent(ctx) || !x.failsSomewhere(ctx, w) {
			return false
		}
		possible++
	}
	return possible >= leastVariants
}

// failsSomewhere reports whether w fails on the shrunk schedule, or on one of a few others.
func (x *explanation[W, O]) failsSomewhere(ctx context.Context, w W) bool {
	if _, failed, _ := x.fails(ctx, w, sched.Deviate(x.small.finding.deviations())); failed {
		return true
	}
	for i := range whyTries {
		if _, failed, _ := x.fails(ctx, w, sched.POS(uint64(i+1))); failed {
			return true
		}
	}
	return false
}

// replaced is the text with another number in the place.
func (n numeral) replaced(files []txtar.File, v int64) []txtar.File {
	out := slices.Clone(files)
	lines := strings.Split(string(files[n.file].Data), "\n")
	line := lines[n.line]
	lines[n.line] = line[:n.from] + strconv.FormatInt(v, 10) + line[n.to:]
	out[n.file].Data = []byte(strings.Join(lines, "\n"))
	return out
}
