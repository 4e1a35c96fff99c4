package workload

import (
	"cmp"
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
)

// checkLongFork looks for two reads of several keys that saw writes in different orders (jepsen.tests.long-fork): each key is
// written once, so that of two reads of the same keys, one must have seen all that the other did.
func checkLongFork(list []history.Operation, _ Options, f *findings) checkers.Verdict {
	groups := map[string][]group{}
	for i := range list {
		x := &list[i]
		if !did(x, "read", "txn") || x.Result.Kind != history.Sequence {
			continue
		}
		g, ok := groupOf(x)
		if !ok {
			continue // it writes, or reads a single key
		}
		for _, other := range groups[g.keys] {
			if g.sees(other) && other.sees(g) && !other.equal(g) {
				f.add("long fork", "lines %d (%s) and %d (%s) saw the writes in different orders", at(other.from), other.from.Result.Text(), at(x), x.Result.Text())
				break
			}
		}
		if !slices.ContainsFunc(groups[g.keys], g.equal) { // so that there are few of each group
			groups[g.keys] = append(groups[g.keys], g)
		}
	}
	return f.judged(len(groups), "read of several keys")
}

// group is what a read saw of some keys, in the order of the keys' names.
type group struct {
	from *history.Operation
	keys string
	seen []bool
}

// groupOf reads [[:r k v] …].
func groupOf(x *history.Operation) (group, bool) {
	g := group{from: x}
	ops := slices.Clone(x.Result.Items)
	for i := range ops {
		if len(ops[i].Items) != 3 || ops[i].Items[0].Text() != ":r" && ops[i].Items[0].Text() != `"r"` {
			return g, false
		}
	}
	slices.SortFunc(ops, func(a, b history.Tree) int { return cmp.Compare(a.Items[1].Text(), b.Items[1].Text()) })
	for i := range ops {
		g.keys += ops[i].Items[1].Text() + " "
		g.seen = append(g.seen, !ops[i].Items[2].IsNil())
	}
	return g, len(ops) > 1
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
func checkCausalReverse(list []history.Operation, _ Options, f *findings) checkers.Verdict {
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
