package history

import "slices"

// Linearizable reports whether some order of the calls explains all results, in which a call that had returned before another was invoked, or
// is an earlier one of its process, comes first (Herlihy and Wing, Linearizability, TOPLAS 1990): by trying every order on the objects that are there
// at first, with each call that never returned in it or not. The waits of as many parties as a barrier is for take effect together (set
// linearizability: Neiger, PODC 1994); one that failed says no more than one that never returned. Its time is exponential: it is what other
// checkers are held against.
func Linearizable(h *Calls, objects *Objects) bool {
	settled := &Calls{Calls: slices.Clone(h.Calls)}
	for i := range settled.Calls {
		if c := &settled.Calls[i]; c.waits() && !c.Actions[0].OK {
			c.Returned = Forever
		}
	}
	return extend(settled, objects, make([]bool, len(h.Calls)))
}

// extend tries every order of the calls that are not done.
func extend(h *Calls, now *Objects, done []bool) bool {
	finished := true
	for i := range h.Calls {
		if done[i] {
			continue
		}
		finished = finished && h.Calls[i].Pending()
		if !h.mayBeNext(i, done) {
			continue
		}
		if h.Calls[i].waits() {
			if together(h, now, done, []int{i}) {
				return true
			}
			continue
		}
		ways := 1
		for k := range h.Calls[i].Actions {
			ways = max(ways, now.Ways(h.Calls[i].Actions[k]))
		}
		for way := range ways {
			next := now.Clone()
			if !next.explains(&h.Calls[i], way) {
				continue
			}
			done[i] = true
			if extend(h, next, done) {
				return true
			}
			done[i] = false
		}
	}
	return finished
}

// together tries, for some waits at one barrier, all sets of others that make up its parties with them, and each has a higher index.
func together(h *Calls, now *Objects, done []bool, waits []int) bool {
	first, last := &h.Calls[waits[0]].Actions[0], waits[len(waits)-1]
	if int64(len(waits)) == first.Delta {
		for _, i := range waits {
			done[i] = true
		}
		if extend(h, now, done) {
			return true
		}
		for _, i := range waits {
			done[i] = false
		}
		return false
	}
	for i := last + 1; i < len(h.Calls); i++ {
		c := &h.Calls[i]
		if !done[i] && c.waits() && c.Actions[0].Key == first.Key && h.mayBeNext(i, done) && together(h, now, done, append(slices.Clip(waits), i)) {
			return true
		}
	}
	return false
}

// waits reports whether the call is a wait at a barrier.
func (c *Call) waits() bool { return c.Actions[0].Kind == AwaitAll }

// explains does a call, and reports whether its results are as it says; those of a call that never returned are not known, but for the element
// of several that it took, or the token that it was given, if they are told.
func (o *Objects) explains(c *Call, way int) bool {
	for _, a := range c.Actions {
		got, ok := o.Do(c.Process, a, way)
		silent := a.Kind == JoinAll && !a.OK || a.Kind == AddTo && a.Value.Kind == Absent // gave up, or was not told
		told := !c.Pending() && !silent || a.Kind == TakeAny && a.Value.Kind != Absent
		if !ok || told && got.String() != a.String() {
			return false
		}
	}
	return true
}

// mayBeNext reports whether no call that is still to be done has to come before the i-th.
func (h *Calls) mayBeNext(i int, done []bool) bool {
	for k := range h.Calls {
		before := h.Calls[k].Returned < h.Calls[i].Invoked || k < i && h.Calls[k].Process == h.Calls[i].Process && !h.Calls[k].Pending()
		if !done[k] && before {
			return false
		}
	}
	return true
}
