package workload

import (
	"cmp"
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
)

// longFork looks for two reads of several keys that saw writes in different orders (jepsen.tests.long-fork): each key is
// written once, so that of two reads of the same keys, one must have seen all that the other did. What reads of a group of keys saw is compared
// once, however many saw it.
type longFork struct{ sights map[string][]sight } // by the names of the keys

func newLongFork(Options) judge { return &longFork{map[string][]sight{}} }

func (l *longFork) add(x *history.Operation) {
	if !did(x, "read", "txn") || x.Result.Kind != history.Sequence {
		return
	}
	keys, s := sightOf(x)
	if len(s.seen) < 2 {
		return // it writes, or reads a single key
	}
	known := l.sights[keys]
	i := slices.IndexFunc(known, func(other sight) bool { return slices.Equal(other.seen, s.seen) })
	if i >= 0 && known[i].compare(s.span) <= 0 {
		return
	}
	if s.text = x.Result.Text(); i < 0 {
		l.sights[keys] = append(known, s)
	} else {
		known[i] = s
	}
}

func (l *longFork) verdict(f *findings) checkers.Verdict {
	var forks []fork
	for _, all := range l.sights {
		inOrder(all)
		for i, s := range all {
			if k := slices.IndexFunc(all[:i], func(other sight) bool { return s.sees(other) && other.sees(s) }); k >= 0 {
				forks = append(forks, fork{s, all[k]})
			}
		}
	}
	inOrder(forks)
	for _, x := range forks {
		f.add("long fork", "lines %d (%s) and %d (%s) saw the writes in different orders", x.other.line, x.other.text, x.line, x.text)
	}
	return f.judged(len(l.sights), "read of several keys")
}

// fork is a sight that another one, of an earlier read, contradicts.
type fork struct {
	sight
	other sight
}

// sight is what reads saw of some keys, in the order of the keys' names, with the first read that saw it.
type sight struct {
	span
	text string
	seen []bool
}

// sightOf reads [[:r k v] …], and returns the names of the keys, too. Of anything else, nothing was seen.
func sightOf(x *history.Operation) (keys string, s sight) {
	s.span = spanOf(x)
	ops := slices.Clone(x.Result.Items)
	for i := range ops {
		if len(ops[i].Items) != 3 || ops[i].Items[0].Text() != ":r" && ops[i].Items[0].Text() != `"r"` {
			return "", sight{}
		}
	}
	slices.SortFunc(ops, func(a, b history.Tree) int { return cmp.Compare(a.Items[1].Text(), b.Items[1].Text()) })
	for i := range ops {
		keys += ops[i].Items[1].Text() + " "
		s.seen = append(s.seen, !ops[i].Items[2].IsNil())
	}
	return keys, s
}

// sees reports whether a read saw something that another, of the same keys, did not.
func (s sight) sees(other sight) bool {
	for i, seen := range s.seen {
		if seen && !other.seen[i] {
			return true
		}
	}
	return false
}

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
