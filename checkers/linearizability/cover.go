package linearizability

import (
	"cmp"
	"slices"
	"time"

	"synchrony/models/history"
)

// cover is the instants at which something is certainly there: the union of the times for which elements are held. Only some instants are asked for
// and can be the first that is not covered: those at which the asking begins, or an element is no longer held. Each is covered once, and passed over from then on
// (by union-find: Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", JACM 1975).
type cover struct {
	instants []time.Duration // in order
	next     []int32         // of each, the first one from it on that is not covered, or one on the way there
}

// newCover covers nothing. It is for some elements, and to be asked from some instants on.
func newCover(elements []*item, from []time.Duration) *cover {
	instants := append(slices.Clone(from), history.Forever)
	for _, x := range elements {
		if x.held() {
			instants = append(instants, x.tookInvoked)
		}
	}
	slices.Sort(instants)
	c := &cover{instants: slices.Compact(instants)}
	c.next = make([]int32, len(c.instants))
	for i := range c.next {
		c.next[i] = int32(i)
	}
	return c
}

// find is the first instant from the i-th on that is not covered.
func (c *cover) find(i int32) int32 {
	for c.next[i] != i {
		c.next[i] = c.next[c.next[i]]
		i = c.next[i]
	}
	return i
}

// place is the first instant that is not before a time.
func (c *cover) place(at time.Duration) int32 {
	i, _ := slices.BinarySearch(c.instants, at)
	return int32(i)
}

// add covers the time for which an element is held.
func (c *cover) add(x *item) {
	if !x.held() {
		return
	}
	for i := c.find(c.place(x.putReturned + 1)); c.instants[i] < x.tookInvoked; i = c.find(i) {
		c.next[i] = i + 1
	}
}

// free is the first instant from one on that is not covered.
func (c *cover) free(from time.Duration) time.Duration { return c.instants[c.find(c.place(from))] }

// chain is a shortest list of elements of which one is certainly there at each instant from one to another, both included: there must be such a list.
func chain(elements []*item, from, to time.Duration) []*item {
	held := slices.DeleteFunc(slices.Clone(elements), func(x *item) bool { return !x.held() || x.tookInvoked <= from })
	slices.SortStableFunc(held, func(x, y *item) int { return cmp.Compare(x.putReturned, y.putReturned) })
	var list []*item
	for at := from; at <= to; {
		var last *item
		for ; len(held) > 0 && held[0].putReturned < at; held = held[1:] {
			if last == nil || held[0].tookInvoked > last.tookInvoked {
				last = held[0]
			}
		}
		list = append(list, last)
		at = last.tookInvoked
	}
	return list
}
