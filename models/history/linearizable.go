package history

// Linearizable reports whether some order of the calls explains all results, in which a call that had returned before another was invoked, or
// is an earlier one of its process, comes first (Herlihy and Wing, Linearizability, TOPLAS 1990): by trying every order on the objects that are there
// at first, with each call that never returned in it or not. Its time is exponential: it is what other checkers are held against.
func Linearizable(h *Calls, objects *Objects) bool {
	return extend(h, objects, make([]bool, len(h.Calls)))
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

// explains does a call, and reports whether its results are as it says; those of a call that never returned are not known, but for the element
// of several that it took, or the token that it was given, if they are told.
func (o *Objects) explains(c *Call, way int) bool {
	for _, a := range c.Actions {
		got, ok := o.Do(c.Process, a, way)
		gaveUp := a.Kind == JoinAll && !a.OK // says nothing
		told := !c.Pending() && !gaveUp || a.Kind == TakeAny && a.Value.Kind != Absent
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
