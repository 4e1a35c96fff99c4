package linearizability

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// additions are those of one element.
type additions struct {
	name     string
	invoked  time.Duration // of the one that was invoked first
	returned time.Duration // of the one that returned first
	first    int           // the call that returned first; -1 if it was there from the beginning
}

// seenSet is a read of all members.
type seenSet struct {
	call int
	size int
	text string
}

// growing decides calls on one set that add an element and read all members, in time linear in the members that were read, but for sorting. What two
// reads saw is in order of inclusion, and so are the reads. A read comes after one addition of each element that it has, and so not before the
// first of those was invoked; and before all additions of those that it has not. Each is put where the ones before it allow as early as
// can be: if that is not after it had to be, the additions fit in between.
func growing(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	g := &growth{of: map[string]*additions{}}
	if !g.collect(h, part, initial) {
		return checkers.Unknown, nil
	}
	if refuted := g.check(h); refuted != nil {
		return checkers.Fail, refuted
	}
	return checkers.Pass, nil
}

// growth is what was added to a set and read of it.
type growth struct {
	of    map[string]*additions
	added []*additions // in the order in which the first of each returned
	reads []seenSet    // from the smallest to the greatest
}

// collect finds the additions and the reads; false for what is no such set.
func (g *growth) collect(h *history.Calls, part []int, initial []history.Entry) bool {
	for _, e := range initial {
		if e.Value.Kind != history.List {
			return false
		}
		for _, name := range e.Value.Elements() {
			g.add(name, -1, math.MinInt64, math.MinInt64)
		}
	}
	for _, i := range part {
		c := &h.Calls[i]
		a := &c.Actions[0]
		switch {
		case a.Kind == history.AddMember:
			name, one := single(a.Value)
			if !one {
				return false
			}
			g.add(name, i, c.Invoked, c.Returned)
		default: // a read
			size, ok := membersOf(a.Value.Text)
			if !ok {
				return false
			}
			g.reads = append(g.reads, seenSet{i, size, a.Value.Text})
		}
	}
	slices.SortStableFunc(g.added, func(x, y *additions) int { return cmp.Compare(x.returned, y.returned) })
	slices.SortStableFunc(g.reads, func(x, y seenSet) int {
		return cmp.Or(cmp.Compare(x.size, y.size), strings.Compare(x.text, y.text))
	})
	return true
}

// membersOf is how many members a set has; false if they are not in order, each once.
func membersOf(text string) (int, bool) {
	size, last := 0, ""
	for name := range strings.FieldsSeq(text) {
		if name <= last {
			return 0, false
		}
		size, last = size+1, name
	}
	return size, true
}

func (g *growth) add(name string, call int, invoked, returned time.Duration) {
	x := g.of[name]
	if x == nil {
		x = &additions{name, invoked, returned, call}
		g.of[name] = x
		g.added = append(g.added, x)
		return
	}
	x.invoked = min(x.invoked, invoked)
	if returned < x.returned {
		x.returned, x.first = returned, call
	}
}

// reach is an instant before which some read cannot have come, and that read, which is -1 for none.
type reach struct {
	at   time.Duration
	call int
}

// check puts each read at an instant, and finds one for which there is none.
func (g *growth) check(h *history.Calls) *refutation {
	now := reach{math.MinInt64, -1}
	var before []string // the members of the set before, and a read of it
	smaller := -1
	for len(g.reads) > 0 {
		same := slices.IndexFunc(g.reads, func(r seenSet) bool { return r.text != g.reads[0].text })
		if same < 0 {
			same = len(g.reads)
		}
		members := strings.Fields(g.reads[0].text)
		if !includes(members, before) {
			return refute([]int{smaller, g.reads[0].call}, "of two sets that were read neither has all members of the other")
		}
		from, unknown := g.from(members)
		if unknown != "" {
			return refute([]int{g.reads[0].call}, "%s was read, and nobody had added it", unknown)
		}
		next, refuted := g.place(h, g.reads[:same], now, from, g.missing(members))
		if refuted != nil {
			return refuted
		}
		now, before, smaller, g.reads = next, members, g.reads[0].call, g.reads[same:]
	}
	return nil
}

// place puts reads of one set at instants, after those of all smaller sets and after the last addition of a member was invoked, and
// before the first addition of what is missing returned.
func (g *growth) place(h *history.Calls, reads []seenSet, now reach, from time.Duration, missing *additions) (reach, *refutation) {
	next := now
	for _, r := range reads {
		c := &h.Calls[r.call]
		blamed, to, why := []int{r.call}, c.Returned, "a set was read after one that has it all, and more"
		if from > to {
			return next, refute(blamed, "an element was read before it was added")
		}
		if missing != nil && missing.returned < to {
			to, why = missing.returned, missing.name+" was there from the beginning, and was not read"
			if missing.first >= 0 {
				blamed, why = append(blamed, missing.first), missing.name+" had been added, and was not read"
			}
		}
		at := max(from, c.Invoked)
		if now.at > at {
			blamed = append(blamed, now.call)
		}
		if max(now.at, at) > to {
			return next, refute(blamed, "%s", why)
		}
		if at > next.at {
			next = reach{at, r.call}
		}
	}
	return next, nil
}

// includes reports whether a sorted list has all of another.
func includes(all, some []string) bool {
	for _, x := range some {
		i, ok := slices.BinarySearch(all, x)
		if !ok {
			return false
		}
		all = all[i+1:]
	}
	return true
}

// from is when the last of the members began to be added, and one of them that nobody added.
func (g *growth) from(members []string) (time.Duration, string) {
	from := time.Duration(math.MinInt64)
	for _, name := range members {
		x := g.of[name]
		if x == nil {
			return 0, name
		}
		from = max(from, x.invoked)
	}
	return from, ""
}

// missing is the element whose addition returned first of those that are not among the members; nil if there is none.
func (g *growth) missing(members []string) *additions {
	for _, x := range g.added {
		if _, ok := slices.BinarySearch(members, x.name); !ok {
			return x
		}
	}
	return nil
}
