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
	rules    []string
	counts   map[string]int
	evidence []string
	blamed   []int // the lines that the evidence names
}

// line is that of an operation to blame.
type line int

func at(x *history.Operation) line { return line(x.Line) }

// add adds a finding. The lines among args are those of operations to blame.
func (f *findings) add(rule, format string, args ...any) {
	if f.count(rule, 1); f.counts[rule] <= maxShown {
		f.evidence = append(f.evidence, rule+": "+fmt.Sprintf(format, args...))
		for _, a := range args {
			if x, ok := a.(line); ok {
				f.blamed = append(f.blamed, int(x))
			}
		}
	}
}

// count counts findings of a kind that are not shown.
func (f *findings) count(rule string, n int) {
	if f.counts == nil {
		f.counts = map[string]int{}
	}
	if f.counts[rule] == 0 && n > 0 {
		f.rules = append(f.rules, rule)
	}
	f.counts[rule] += n
}

// judged is the verdict on so many operations of a kind: if there are none, nothing was judged.
func (f *findings) judged(n int, what string) checkers.Verdict {
	if n == 0 && len(f.rules) == 0 {
		return checkers.Undecided("no %s was completed, so there is nothing to judge", what)
	}
	return f.verdict()
}

// unless is the same, unless something could not be judged: what was found is wrong nevertheless, and else nothing is known.
func (f *findings) unless(u *unjudgeable, n int, what string) checkers.Verdict {
	if len(f.rules) == 0 && u.reason != "" {
		return u.verdict()
	}
	return f.judged(n, what)
}

// verdict is a pass if nothing was found.
func (f *findings) verdict() checkers.Verdict {
	if len(f.rules) == 0 {
		return checkers.Passed()
	}
	words := make([]string, len(f.rules))
	for i, rule := range f.rules {
		words[i] = fmt.Sprintf("%d %s", f.counts[rule], rule)
	}
	return checkers.Failed(f.rules[0], strings.Join(words, ", ")+"; the first: "+f.evidence[0], f.evidence...)
}

// span is when an operation was under way. Operations are judged in the order of their invocations; those that were invoked at one time, in that
// of their returns, and then of their lines.
type span struct {
	invoked, returned time.Duration
	line              line
}

func spanOf(x *history.Operation) span { return span{x.Invoked, x.Returned, at(x)} }

func (s span) compare(other span) int {
	return cmp.Or(cmp.Compare(s.invoked, other.invoked), cmp.Compare(s.returned, other.returned), cmp.Compare(s.line, other.line))
}

// span itself is a part of what is kept of an operation.
func (s span) when() span { return s }

// inOrder sorts what is kept of operations; what is of one operation stays as it is.
func inOrder[T interface{ when() span }](list []T) {
	slices.SortStableFunc(list, func(x, y T) int { return x.when().compare(y.when()) })
}

// unjudgeable is why a history cannot be judged: of several reasons, that of the first operation.
type unjudgeable struct {
	span
	reason string
}

func (u *unjudgeable) note(x *history.Operation, format string, args ...any) {
	if s := spanOf(x); u.reason == "" || s.compare(u.span) < 0 {
		*u = unjudgeable{s, fmt.Sprintf(format, args...)}
	}
}

func (u *unjudgeable) verdict() checkers.Verdict { return checkers.Undecided("%s", u.reason) }
