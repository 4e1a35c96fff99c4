package linearizability

import (
	"cmp"
	"math"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// cluster is the write of a value and the reads of it, and their zone: from the first return of one of them to the
// last invocation. The value is certainly there in between if the return comes first, which is a forward zone; else all can take
// effect at any one instant from the last invocation to the first return, a backward zone (Gibbons and Korach, "Testing Shared Memories", SIAM J.
// Comput. 1997, section 4; Golab, Li and Shah, "Analyzing Consistency Properties for Fun and Profit", PODC 2011).
//
// A compare-and-set that succeeded has read the value that it has replaced, and nothing comes between. So values that replaced each other are there one after the
// other without a gap, and are one cluster: all that the theorem asks of a cluster is that its calls have an order of their own.
type cluster struct {
	value    history.Value
	calls    []int32 // in the history; the write first, but for the initial value
	all      []int32 // and those of the values that replaced it one after the other, in order, if there are any
	returned time.Duration
	invoked  time.Duration
	written  time.Duration // when the write was invoked
	seen     bool          // some call has it, or the write certainly took effect
	replaces *cluster      // what the write, a compare-and-set, has replaced
	next     *cluster      // what has replaced it in such a way
}

func (c *cluster) forward() bool { return c.returned < c.invoked }

// zoned decides calls on one register that reads, writes, and compares and sets, each value written once, in time n log n. Of comparisons that failed it only
// knows that there is no contradiction if one order that it finds for the other calls has room for them.
func zoned(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	z, ok := clusters(h, part, initial)
	if !ok {
		return checkers.Unknown, nil
	}
	refuted := z.join()
	if refuted == nil {
		refuted = z.conflict()
	}
	switch {
	case refuted != nil:
		return checkers.Fail, refuted
	case len(z.failed) > 0 && !z.room():
		return checkers.Unknown, nil
	}
	return checkers.Pass, nil
}

// zones are the clusters of a register.
type zones struct {
	h      *history.Calls
	list   []*cluster // by value, then joined
	of     map[history.Value]*cluster
	failed []int32 // compare-and-sets that did not
}

// clusters groups the calls by the value that they write or read; false if this is no register of which each value is written once.
func clusters(h *history.Calls, part []int, initial []history.Entry) (zones, bool) {
	start := history.Value{}
	for _, e := range initial {
		start = e.Value
	}
	z := zones{h: h, of: make(map[history.Value]*cluster, len(part)/2)}
	z.add(&cluster{value: start, returned: math.MinInt64, invoked: math.MinInt64, written: math.MinInt64, seen: true})
	for _, i := range part {
		c := &h.Calls[i]
		a := &c.Actions[0]
		switch a.Kind {
		case history.ReadKey:
		case history.WriteKey, history.CompareSet:
			if a.Kind == history.CompareSet && !a.OK && !c.Pending() {
				z.failed = append(z.failed, int32(i))
				continue
			}
			if z.of[a.Value] != nil || a.Kind == history.CompareSet && a.Old == a.Value {
				return z, false
			}
			z.add(&cluster{value: a.Value, calls: []int32{int32(i)}, returned: c.Returned, invoked: c.Invoked, written: c.Invoked, seen: !c.Pending()})
		default:
			return z, false
		}
	}
	for _, i := range part {
		if c := &h.Calls[i]; c.Actions[0].Kind == history.ReadKey && !c.Pending() {
			k := z.find(c.Actions[0].Value)
			k.calls = append(k.calls, int32(i))
			k.returned, k.invoked, k.seen = min(k.returned, c.Returned), max(k.invoked, c.Invoked), true
		}
	}
	return z, true
}

func (z *zones) add(c *cluster) {
	z.of[c.value] = c
	z.list = append(z.list, c)
}

// find is the cluster of a value that was there: of one that nobody wrote, too.
func (z *zones) find(v history.Value) *cluster {
	k := z.of[v]
	if k == nil {
		k = &cluster{value: v, returned: math.MaxInt64, invoked: math.MinInt64, written: math.MaxInt64}
		z.add(k)
	}
	return k
}

// write is the call that has written a cluster's value; nil if there is none.
func (z *zones) write(c *cluster) *history.Call {
	if len(c.calls) > 0 {
		if w := &z.h.Calls[c.calls[0]]; w.Actions[0].Kind != history.ReadKey {
			return w
		}
	}
	return nil
}

// join makes one cluster of those that replaced each other. It finds values that were replaced twice, or in a circle, and calls that came in another order.
func (z *zones) join() *refutation {
	replaced := false
	for n := 0; n < len(z.list); n++ { // it grows by values that nobody wrote
		for c := z.list[n]; c.seen && c.replaces == nil; c = c.replaces { // and those that are there because they were replaced
			w := z.write(c)
			if w == nil || w.Actions[0].Kind != history.CompareSet {
				break
			}
			old := z.find(w.Actions[0].Old)
			if old.next != nil {
				return z.refute(slices.Concat([]*cluster{old}, chainOf(old.next, nil), chainOf(c, nil)), "%v was replaced by %v and by %v", old.value, old.next.value, c.value)
			}
			c.replaces, old.next, old.seen, replaced = old, c, true, true
		}
	}
	if !replaced {
		return nil
	}
	var joined []*cluster
	done := 0
	for _, c := range z.list {
		if c.replaces != nil {
			continue
		}
		if c.next != nil {
			refuted, length := z.inOrder(c)
			if refuted != nil {
				return refuted
			}
			done += length
		} else {
			done++
		}
		joined = append(joined, c)
	}
	if done < len(z.list) {
		return z.refute(z.circle(), "each of some values has replaced another of them")
	}
	z.list = joined
	return nil
}

// circle is values each of which has replaced another one of them.
func (z *zones) circle() []*cluster {
	reached := map[*cluster]bool{}
	for _, c := range z.list {
		if c.replaces == nil {
			for ; c != nil; c = c.next {
				reached[c] = true
			}
		}
	}
	for _, c := range z.list {
		if !reached[c] {
			list := []*cluster{c}
			for k := c.next; k != c; k = k.next {
				list = append(list, k)
			}
			return list
		}
	}
	return nil
}

// inOrder makes one cluster of a value and those that have replaced it one after the other, unless a call on a later one returned before one on an earlier one was
// invoked. It says how many values there are.
func (z *zones) inOrder(first *cluster) (*refutation, int) {
	var latest *history.Call // of those before, the one that was invoked last
	at := first
	step := func(c *cluster, calls []int32) *refutation {
		before := latest
		for _, i := range calls {
			call := &z.h.Calls[i]
			if before != nil && call.Returned < before.Invoked {
				return z.refute(chainOf(first, c), "a call that comes after %v was there returned before one on %v was invoked", at.value, at.value)
			}
			if latest == nil || call.Invoked > latest.Invoked {
				latest, at = call, c
			}
		}
		return nil
	}
	length := 0
	var all []int32
	returned, invoked := first.returned, first.invoked
	for c := first; c != nil; c = c.next {
		write := 0
		if z.write(c) != nil {
			write = 1
		}
		if r := step(c, c.calls[:write]); r != nil {
			return r, 0
		}
		if r := step(c, c.calls[write:]); r != nil {
			return r, 0
		}
		all = append(all, c.calls...)
		returned, invoked = min(returned, c.returned), max(invoked, c.invoked)
		length++
	}
	first.all, first.returned, first.invoked = all, returned, invoked
	return nil, length
}

// chainOf is the values from one to another that have replaced each other; all that followed it if the other is nil.
func chainOf(first, last *cluster) []*cluster {
	list := []*cluster{first}
	for c := first; c != last && c.next != nil && c.next != first; { // it may be a circle
		c = c.next
		list = append(list, c)
	}
	return list
}

// refute blames all calls of some clusters.
func (z *zones) refute(of []*cluster, format string, args ...any) *refutation {
	var blamed []int
	for _, c := range of {
		calls := c.calls
		if c.all != nil {
			calls = c.all
		}
		for _, i := range calls {
			blamed = append(blamed, int(i))
		}
	}
	return refute(blamed, format, args...)
}

// conflict finds one cluster that contradicts itself, or two that contradict each other: two forward zones that overlap, or a backward
// zone within a forward one; and says why. It is nil if there is none, and then there is an order.
func (z *zones) conflict() *refutation {
	var forward, backward []*cluster
	for _, c := range z.list {
		switch {
		case !c.seen:
		case c.returned < c.written: // read before it was written
			return z.refute([]*cluster{c}, "%v was read before it was written", c.value)
		case c.forward():
			forward = append(forward, c)
		default:
			backward = append(backward, c)
		}
	}
	slices.SortStableFunc(forward, func(x, y *cluster) int { return cmp.Compare(x.returned, y.returned) })
	for i := 1; i < len(forward); i++ {
		if forward[i].returned < forward[i-1].invoked {
			return z.refute(forward[i-1:i+1], "%v and %v would both have to be there at one time", forward[i-1].value, forward[i].value)
		}
	}
	for _, b := range backward {
		i, _ := slices.BinarySearchFunc(forward, b.invoked, func(f *cluster, at time.Duration) int {
			if f.returned < at {
				return -1
			}
			return 1
		})
		if i > 0 && b.returned < forward[i-1].invoked {
			return z.refute([]*cluster{forward[i-1], b}, "%v would have to be there while %v was all the time", b.value, forward[i-1].value)
		}
	}
	return nil
}

// mostSwaps bounds how often two neighbours change places for the comparisons that failed.
const mostSwaps = 64

// room reports whether an order of the clusters is found that leaves room for the comparisons that failed. It begins with the order of the later ends of their zones, in
// which one comes before another whenever one of its calls returned before one of the other's was invoked; then neighbours that may come in either order change
// places where that leaves more room. That no such order is found means nothing.
func (z *zones) room() bool {
	order := z.ordered()
	crowded := z.crowded(order)
	for swaps := 0; len(crowded) > 0; {
		found := false
		if crowded, found = z.swap(order, crowded, &swaps); !found {
			return false
		}
	}
	return true
}

// swap lets two neighbours in the order change places, so that fewer comparisons than before have no room, and returns these.
func (z *zones) swap(order []*cluster, crowded []int32, swaps *int) (fewer []int32, found bool) {
	for _, i := range crowded {
		first := z.of[z.h.Calls[i].Actions[0].Old]
		for first.replaces != nil {
			first = first.replaces
		}
		at := slices.Index(order, first)
		for _, k := range []int{at - 1, at} {
			if k < 0 || k+1 >= len(order) || order[k].returned < order[k+1].invoked {
				continue
			}
			if *swaps++; *swaps > mostSwaps {
				return nil, false
			}
			order[k], order[k+1] = order[k+1], order[k]
			if fewer = z.crowded(order); len(fewer) < len(crowded) {
				return fewer, true
			}
			order[k], order[k+1] = order[k+1], order[k]
		}
	}
	return nil, false
}

// ordered is the clusters of what was there, in an order in which their calls can take effect.
func (z *zones) ordered() []*cluster {
	order := slices.DeleteFunc(slices.Clone(z.list), func(c *cluster) bool { return !c.seen })
	end := func(c *cluster) time.Duration { return max(c.returned, c.invoked) }
	slices.SortStableFunc(order, func(x, y *cluster) int {
		if n := cmp.Compare(end(x), end(y)); n != 0 || x.forward() == y.forward() {
			return n
		}
		if x.forward() {
			return -1
		}
		return 1
	})
	return order
}

// crowded are the comparisons that failed and for which there is no room: during all of such a call the value is there that it found not to be, if the calls on the
// clusters take effect in this order, each as soon as it can.
func (z *zones) crowded(order []*cluster) []int32 {
	type stay struct{ from, to time.Duration }
	stays := make(map[history.Value]*stay, len(order))
	now, last := time.Duration(math.MinInt64), new(stay)
	for _, first := range order {
		for c := first; c != nil; c = c.next {
			calls := c.calls
			if w := z.write(c); w != nil {
				now, calls = max(now, w.Invoked), calls[1:]
			}
			last.to = now
			last = &stay{from: now, to: math.MaxInt64}
			stays[c.value] = last
			for _, i := range calls {
				now = max(now, z.h.Calls[i].Invoked)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(z.failed), func(i int32) bool {
		c := &z.h.Calls[i]
		s := stays[c.Actions[0].Old]
		return s == nil || c.Invoked <= s.from || c.Returned >= s.to
	})
}
