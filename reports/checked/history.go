package checked

import (
	"cmp"
	"slices"
	"time"

	"synchrony/models/history"
)

// History is the operations of a recorded history.
type History struct {
	// List has the operations in the order of their invocations; those that failed may come after all others.
	List []Operation
	// Blamed are those to blame, by their indices, and Explained a longest sequence that can be explained, in its order.
	Blamed, Explained []int
	// Timed says that the record has times; else those of operations are nothing but an order.
	Timed bool
	// Text is what an operation did, and Client the name of a process.
	Text   func(operation int) string
	Client func(process int32) string
}

// Operation is an operation with what the record says of when it was under way, and how it ended.
type Operation struct {
	Process           int32  // one that is negative is of this operation alone
	Line              int    // of its invocation
	Part              string // the part of the history that it belongs to, where parts are judged each on their own
	Invoked, Returned time.Duration
	Outcome           history.Outcome // Committed, Aborted if it had no effect, or 0: unknown
}

// maxDrawn is how many operations are drawn.
const maxDrawn = 120

// chosen are the operations to draw, in the order of their invocations: those to blame, and of the others those nearest to one of
// them, first in its part of the history; the first ones, if nobody is to blame.
func (h *History) chosen() []int {
	blamed := slices.Sorted(slices.Values(h.Blamed))
	parts := map[string]bool{}
	for _, i := range blamed {
		parts[h.List[i].Part] = true
	}
	all := make([]int, len(h.List))
	far := make([]int, len(h.List))
	for i := range all {
		all[i] = i
		far[i] = h.distance(i, blamed)
		if len(blamed) > 0 && !parts[h.List[i].Part] {
			far[i] += len(h.List)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(far[a], far[b]) })
	drawn := all[:min(len(all), maxDrawn)]
	slices.SortStableFunc(drawn, func(a, b int) int {
		return cmp.Or(cmp.Compare(h.List[a].Invoked, h.List[b].Invoked), cmp.Compare(a, b))
	})
	return drawn
}

// distance is how far an operation is from one to blame, in operations: -1 for one of these themselves, and 0 if it certainly
// was under way at the same time as one.
func (h *History) distance(i int, blamed []int) int {
	if len(blamed) == 0 {
		return i
	}
	at, own := slices.BinarySearch(blamed, i)
	if own {
		return -1
	}
	least := len(h.List)
	for _, k := range blamed[max(at-1, 0):min(at+1, len(blamed))] {
		least = min(least, max(i-k, k-i))
	}
	x := &h.List[i]
	if x.Returned == history.Forever {
		return least
	}
	for _, k := range blamed {
		if y := &h.List[k]; y.Returned != history.Forever && x.Invoked <= y.Returned && y.Invoked <= x.Returned {
			return 0
		}
	}
	return least
}

// sequence is the end of the longest sequence that can be explained.
type sequence struct {
	Before int // so many come before those told
	List   []told
}

// First is the place of the first that is told.
func (s sequence) First() int { return s.Before + 1 }

// told is an operation in words.
type told struct {
	Client, Text string
	Line         int
}

// maxTold is how many operations of the sequence are told.
const maxTold = 60

func (h *History) sequence() sequence {
	s := sequence{Before: max(len(h.Explained)-maxTold, 0)}
	for _, i := range h.Explained[s.Before:] {
		x := &h.List[i]
		s.List = append(s.List, told{h.Client(x.Process), h.Text(i), x.Line})
	}
	return s
}
