package linearizability

import (
	"cmp"
	"fmt"
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
type cluster struct {
	value    history.Value
	calls    []int32 // in the history; the write first, but for the initial value
	returned time.Duration
	invoked  time.Duration
	written  time.Duration // when the write was invoked
	seen     bool          // some read has it, or the write certainly took effect
}

func (c *cluster) forward() bool { return c.returned < c.invoked }

// zoned decides calls on one register that reads and writes, each value written once, in time n log n.
func zoned(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	z, ok := clusters(h, part, initial)
	if !ok {
		return checkers.Unknown, nil
	}
	contrary, why := z.conflict()
	if contrary == nil {
		return checkers.Pass, nil
	}
	var blamed []int
	for _, c := range contrary {
		for _, i := range c.calls {
			blamed = append(blamed, int(i))
		}
	}
	return checkers.Fail, refute(blamed, "%s", why)
}

// zones are the clusters of a register.
type zones struct{ list []*cluster }

// clusters groups the calls by the value that they write or read; false if this is no register of which each value is written once.
func clusters(h *history.Calls, part []int, initial []history.Entry) (zones, bool) {
	var z zones
	start := history.Value{}
	for _, e := range initial {
		start = e.Value
	}
	of := make(map[history.Value]*cluster, len(part)/2)
	of[start] = &cluster{value: start, returned: math.MinInt64, invoked: math.MinInt64, written: math.MinInt64, seen: true}
	z.list = append(z.list, of[start])
	for _, i := range part {
		c := &h.Calls[i]
		a := &c.Actions[0]
		switch a.Kind {
		case history.ReadKey:
		case history.WriteKey:
			v := a.Value
			if of[v] != nil {
				return z, false
			}
			of[v] = &cluster{value: v, calls: []int32{int32(i)}, returned: c.Returned, invoked: c.Invoked, written: c.Invoked, seen: !c.Pending()}
			z.list = append(z.list, of[v])
		default:
			return z, false
		}
	}
	z.reads(h, part, of)
	return z, true
}

// reads adds the reads to the clusters of what they saw.
func (z *zones) reads(h *history.Calls, part []int, of map[history.Value]*cluster) {
	for _, i := range part {
		c := &h.Calls[i]
		if c.Actions[0].Kind != history.ReadKey || c.Pending() {
			continue
		}
		v := c.Actions[0].Value
		k := of[v]
		if k == nil { // of what nobody wrote
			k = &cluster{value: v, returned: math.MaxInt64, invoked: math.MinInt64, written: math.MaxInt64}
			of[v] = k
			z.list = append(z.list, k)
		}
		k.calls = append(k.calls, int32(i))
		k.returned, k.invoked, k.seen = min(k.returned, c.Returned), max(k.invoked, c.Invoked), true
	}
}

// conflict finds one cluster that contradicts itself, or two that contradict each other: two forward zones that overlap, or a backward
// zone within a forward one; and says why. It is nil if there is none, and then there is an order.
func (z zones) conflict() ([]*cluster, string) {
	var forward, backward []*cluster
	for _, c := range z.list {
		switch {
		case !c.seen:
		case c.returned < c.written: // read before it was written
			return []*cluster{c}, fmt.Sprintf("%v was read before it was written", c.value)
		case c.forward():
			forward = append(forward, c)
		default:
			backward = append(backward, c)
		}
	}
	slices.SortStableFunc(forward, func(x, y *cluster) int { return cmp.Compare(x.returned, y.returned) })
	for i := 1; i < len(forward); i++ {
		if forward[i].returned < forward[i-1].invoked {
			return forward[i-1 : i+1], fmt.Sprintf("%v and %v would both have to be there at one time", forward[i-1].value, forward[i].value)
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
			return []*cluster{forward[i-1], b}, fmt.Sprintf("%v would have to be there while %v was all the time", b.value, forward[i-1].value)
		}
	}
	return nil, ""
}
