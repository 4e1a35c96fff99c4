package workload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// maxShown is how many examples a verdict has of each kind.
const maxShown = 8

// findings are what is wrong, by kind, with a line of evidence for the first of each.
type findings struct {
	kinds []*kind
	made  int
}

// kind is what is wrong in one way.
type kind struct {
	rule  string
	count int
	first []finding // in order, maxShown at most
}

// finding is what is wrong at a time; those of one time are in the order in which they were found.
type finding struct {
	at     time.Duration
	number int
	text   string
	lines  []int // of operations to blame
}

func (x finding) compare(y finding) int {
	return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.number, y.number))
}

// line is that of an operation to blame.
type line int

func at(x *history.Operation) line { return line(x.Line) }

// add adds a finding behind the others. The lines among args are those of operations to blame.
func (f *findings) add(rule, format string, args ...any) { f.addAt(0, rule, format, args...) }

// addAt adds a finding of a time, for judges that are not told of operations in the order of their invocations.
func (f *findings) addAt(when time.Duration, rule, format string, args ...any) {
	i := slices.IndexFunc(f.kinds, func(k *kind) bool { return k.rule == rule })
	if i < 0 {
		i = len(f.kinds)
		f.kinds = append(f.kinds, &kind{rule: rule})
	}
	k := f.kinds[i]
	k.count++
	f.made++
	x := finding{at: when, number: f.made}
	place, _ := slices.BinarySearchFunc(k.first, x, finding.compare)
	if place == maxShown {
		return
	}
	x.text = rule + ": " + fmt.Sprintf(format, args...)
	for _, a := range args {
		if number, ok := a.(line); ok {
			x.lines = append(x.lines, int(number))
		}
	}
	k.first = slices.Insert(k.first, place, x)
	k.first = k.first[:min(len(k.first), maxShown)]
}

// blamed are the lines that the evidence names, in order.
func (f *findings) blamed() []int {
	var list []int
	for _, k := range f.kinds {
		for _, x := range k.first {
			list = append(list, x.lines...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// judged is the verdict on so many operations of a kind: if there are none, nothing was judged.
func (f *findings) judged(n int, what string) checkers.Verdict {
	if n == 0 && len(f.kinds) == 0 {
		return checkers.Undecided("no %s was completed, so there is nothing to judge", what)
	}
	return f.verdict()
}

// verdict is a pass if nothing was found.
func (f *findings) verdict() checkers.Verdict {
	if len(f.kinds) == 0 {
		return checkers.Passed()
	}
	slices.SortFunc(f.kinds, func(a, b *kind) int { return a.first[0].compare(b.first[0]) })
	var words, evidence []string
	var all []finding
	for _, k := range f.kinds {
		words = append(words, fmt.Sprintf("%d %s", k.count, k.rule))
		all = append(all, k.first...)
	}
	slices.SortFunc(all, finding.compare)
	for _, x := range all {
		evidence = append(evidence, x.text)
	}
	return checkers.Failed(f.kinds[0].rule, strings.Join(words, ", ")+"; the first: "+evidence[0], evidence...)
}

// unjudgeable is why a history cannot be judged: of several reasons, that of the operation that was invoked first.
type unjudgeable struct {
	at     time.Duration
	reason string
}

func (u *unjudgeable) note(x *history.Operation, format string, args ...any) {
	if u.reason == "" || x.Invoked < u.at {
		*u = unjudgeable{x.Invoked, fmt.Sprintf(format, args...)}
	}
}

// verdict is unknown if there is a reason.
func (u *unjudgeable) verdict() (checkers.Verdict, bool) {
	return checkers.Undecided("%s", u.reason), u.reason != ""
}
