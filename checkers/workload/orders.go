package workload

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// longFork looks for two reads of several keys that saw writes in different orders (jepsen.tests.long-fork): each key is
// written once, so that of two reads of the same keys, one must have seen all that the other did.
type longFork struct{ groups map[string][]group }

func newLongFork(Options) judge { return &longFork{map[string][]group{}} }

func (l *longFork) take(x *history.Operation, _ *findings) {
	if !did(x, "read", "txn") || x.Result.Kind != history.Sequence {
		return
	}
	keys, g := groupOf(x)
	if len(g.seen) < 2 {
		return // it writes, or reads a single key
	}
	known := l.groups[keys]
	i := slices.IndexFunc(known, g.equal)
	if i >= 0 && known[i].compare(g) <= 0 {
		return
	}
	if g.text = x.Result.Text(); i < 0 {
		l.groups[keys] = append(known, g)
	} else {
		known[i] = g
	}
}

func (l *longFork) verdict(f *findings) checkers.Verdict {
	for _, keys := range slices.Sorted(maps.Keys(l.groups)) {
		all := l.groups[keys]
		slices.SortFunc(all, group.compare)
		for i, g := range all {
			for _, other := range all[:i] {
				if g.sees(other) && other.sees(g) {
					f.addAt(g.invoked, "long fork", "lines %d (%s) and %d (%s) saw the writes in different orders", other.line, other.text, g.line, g.text)
					break
				}
			}
		}
	}
	return f.judged(len(l.groups), "read of several keys")
}

// group is what reads saw of some keys, in the order of the keys' names, with the first read that saw it.
type group struct {
	invoked time.Duration
	line    line
	text    string
	seen    []bool
}

func (g group) compare(other group) int {
	return cmp.Or(cmp.Compare(g.invoked, other.invoked), cmp.Compare(g.line, other.line))
}

// groupOf reads [[:r k v] …], and returns the names of the keys, too. Of anything else, nothing was seen.
func groupOf(x *history.Operation) (keys string, g group) {
	g = group{invoked: x.Invoked, line: at(x)}
	ops := slices.Clone(x.Result.Items)
	for i := range ops {
		if len(ops[i].Items) != 3 || ops[i].Items[0].Text() != ":r" && ops[i].Items[0].Text() != `"r"` {
			return "", group{}
		}
	}
	slices.SortFunc(ops, func(a, b history.Tree) int { return cmp.Compare(a.Items[1].Text(), b.Items[1].Text()) })
	for i := range ops {
		keys += ops[i].Items[1].Text() + " "
		g.seen = append(g.seen, !ops[i].Items[2].IsNil())
	}
	return keys, g
}

// sees reports whether a read saw something that another, of the same keys, did not.
func (g group) sees(other group) bool {
	for i, seen := range g.seen {
		if seen && !other.seen[i] {
			return true
		}
	}
	return false
}

func (g group) equal(other group) bool { return slices.Equal(g.seen, other.seen) }

// checkCausalReverse looks for a read that saw a write and not one that had returned before that was invoked
// (jepsen.tests.causal-reverse; the comments test of CockroachDB). Reads return all that was written.
func checkCausalReverse(list []history.Operation, f *findings) checkers.Verdict {
	var writes []*history.Operation
	written := map[string]bool{}
	for i := range list {
		if x := &list[i]; may(x, "write", "insert") {
			v := x.Argument.Text()
			if written[v] {
				return checkers.Undecided("line %d writes %s, as an earlier line did: a read could not tell which of the two it saw", x.Line, v)
			}
			written[v] = true
			writes = append(writes, x)
		}
	}
	reads := 0
	for i := range list {
		x := &list[i]
		if !did(x, "read") || x.Result.Kind != history.Sequence {
			continue
		}
		reads++
		seen := members(&x.Result)
		var last *history.Operation // of those seen, the one that was invoked last
		for _, w := range writes {
			if seen[w.Argument.Text()] > 0 {
				last = w
			}
		}
		for _, w := range writes {
			if last != nil && w.Outcome == history.Committed && w.Returned < last.Invoked && seen[w.Argument.Text()] == 0 {
				f.add("missed write", "line %d sees %s (line %d) and not %s (line %d), which had been written before", at(x), last.Argument.Text(), at(last), w.Argument.Text(), at(w))
			}
		}
	}
	return f.judged(reads, "read")
}
