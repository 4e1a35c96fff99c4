package linearizability

import (
	"cmp"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// enqueued is what becomes of an element of a queue, which is put there once. What never happened was invoked after all others.
type enqueued struct {
	put, took     int // calls; took is -1 if nobody did
	putInvoked    time.Duration
	putReturned   time.Duration
	tookInvoked   time.Duration
	tookReturned  time.Duration
	certainlyLast *enqueued // of those that were put there for certain by then, the one that was taken last: see fifo.before
}

// fifo is the elements of a queue in the order in which their putting returned, and the calls that found nothing.
type fifo struct {
	elements []*enqueued
	empty    []int
}

// queued decides calls on one queue that puts and takes the first, each element put there once, in time n log n but for what lies between the
// beginning and the end of a call that found nothing: Fail, with the calls of a pattern that no queue shows; or Unknown if it
// is no such queue, or the outcome of a taking is not known, and it has to be searched. The patterns are those of Henzinger, Sezgin and Vafeiadis,
// "Aspect-Oriented Linearizability Proofs" (CONCUR 2013): what comes out was not put in, comes out twice, or overtakes what was
// put in before it; or nothing is found while there was something all the time.
func queued(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, []int) {
	q := &fifo{}
	blamed, ok := q.collect(h, part)
	switch {
	case !ok || len(initial) > 0:
		return checkers.Unknown, nil
	case blamed == nil:
		q.sort()
		blamed = q.overtaken()
	}
	for _, i := range q.empty {
		if blamed != nil {
			break
		}
		blamed = q.covered(&h.Calls[i], i)
	}
	if blamed == nil {
		return checkers.Pass, nil
	}
	slices.Sort(blamed)
	return checkers.Fail, blamed
}

// collect finds the elements, and the calls to blame for one that was not put there before it was taken, or taken twice. It is false for what is no
// such queue.
func (q *fifo) collect(h *history.Calls, part []int) (blamed []int, ok bool) {
	of := make(map[history.Value]*enqueued, len(part)/2)
	taken := turns{}
	for _, i := range part {
		c := &h.Calls[i]
		a := &c.Actions[0]
		if len(c.Actions) != 1 || !taken.apart(c) {
			return nil, false
		}
		switch {
		case a.Kind == history.AppendTo && of[a.Value] == nil:
			x := &enqueued{put: i, took: -1, putInvoked: c.Invoked, putReturned: c.Returned, tookInvoked: history.Forever, tookReturned: history.Forever}
			of[a.Value] = x
			q.elements = append(q.elements, x)
		case a.Kind != history.TakeFirst || c.Pending():
			return nil, false
		case a.Value.Kind == history.Absent:
			q.empty = append(q.empty, i)
		}
	}
	for _, i := range part {
		c := &h.Calls[i]
		a := &c.Actions[0]
		if a.Kind != history.TakeFirst || a.Value.Kind == history.Absent {
			continue
		}
		switch x := of[a.Value]; {
		case x == nil:
			return []int{i}, true
		case x.took >= 0:
			return []int{x.put, x.took, i}, true
		case c.Returned < x.putInvoked:
			return []int{x.put, i}, true
		default:
			x.took, x.tookInvoked, x.tookReturned = i, c.Invoked, c.Returned
		}
	}
	return nil, true
}

// sort puts the elements in the order in which their putting returned. One that was perhaps never put there is the last.
func (q *fifo) sort() {
	slices.SortStableFunc(q.elements, func(x, y *enqueued) int { return cmp.Compare(x.putReturned, y.putReturned) })
	var last *enqueued
	for _, x := range q.elements {
		if last == nil || x.tookInvoked > last.tookInvoked {
			last = x
		}
		x.certainlyLast = last
	}
}

// before is, of the elements whose putting had returned before a time, the one whose taking was invoked last; nil if there is none.
func (q *fifo) before(at time.Duration) *enqueued {
	i, _ := slices.BinarySearchFunc(q.elements, at, func(x *enqueued, at time.Duration) int {
		if x.putReturned < at {
			return -1
		}
		return 1
	})
	if i == 0 {
		return nil
	}
	return q.elements[i-1].certainlyLast
}

// overtaken finds an element that was taken before the taking of another began, or without one, though that had been put there before it; nil if
// there is none.
func (q *fifo) overtaken() []int {
	for _, x := range q.elements {
		if first := q.before(x.putInvoked); x.took >= 0 && first != nil && first.tookInvoked > x.tookReturned {
			return first.calls(x.calls(nil))
		}
	}
	return nil
}

// calls adds the calls of an element to some.
func (x *enqueued) calls(list []int) []int {
	list = append(list, x.put)
	if x.took >= 0 {
		list = append(list, x.took)
	}
	return list
}

// covered finds elements of which there was one for certain at each time while a call that found nothing was under way: one before it began, and each other
// one before the taking of that before it began, until it had returned; nil if there are none.
func (q *fifo) covered(c *history.Call, call int) []int {
	blamed := []int{call}
	for at := c.Invoked; ; {
		x := q.before(at)
		if x == nil || x.tookInvoked <= at {
			return nil
		}
		blamed = x.calls(blamed)
		if x.tookInvoked > c.Returned {
			return blamed
		}
		at = x.tookInvoked
	}
}
