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
type cluster struct {
	calls    []int32 // in the history; the write first, but for the initial value
	returned time.Duration
	invoked  time.Duration
	written  time.Duration // when the write was invoked
	seen     bool          // some read has it, or the write certainly took effect
}

func (c *cluster) forward() bool { return c.returned < c.invoked }

// zoned decides calls on one register that reads and writes, each value written once, in time n log n: Fail, with the calls of two
// values that contradict each other; or Unknown if it is no such register, and has to be searched.
func zoned(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, []int) {
	z, ok := clusters(h, part, initial, history.Forever)
	if !ok {
		return checkers.Unknown, nil
	}
	if z.conflict() == nil {
		return checkers.Pass, nil
	}
	// The shortest prefix that fails: linearizability is closed under prefixes.
	var returns []time.Duration
	for _, i := range part {
		if c := &h.Calls[i]; !c.Pending() {
			returns = append(returns, c.Returned)
		}
	}
	slices.Sort(returns)
	first, _ := slices.BinarySearchFunc(returns, true, func(end time.Duration, _ bool) int {
		if z, _ := clusters(h, part, initial, end); z.conflict() == nil {
			return -1
		}
		return 1
	})
	z, _ = clusters(h, part, initial, returns[first])
	var blamed []int
	for _, c := range z.conflict() {
		for _, i := range c.calls {
			blamed = append(blamed, int(i))
		}
	}
	slices.Sort(blamed)
	return checkers.Fail, blamed
}

// zones are the clusters of a register.
type zones struct{ list []*cluster }

// clusters groups the calls up to a time by the value that they write or read; false if this is no register of which each
// value is written once.
func clusters(h *history.Calls, part []int, initial []history.Entry, end time.Duration) (zones, bool) {
	var z zones
	start := history.Value{}
	for _, e := range initial {
		start = e.Value
	}
	of := make(map[history.Value]*cluster, len(part)/2)
	of[start] = &cluster{returned: math.MinInt64, invoked: math.MinInt64, written: math.MinInt64, seen: true}
	z.list = append(z.list, of[start])
	taken := turns{}
	for _, i := range part {
		c := &h.Calls[i]
		a := &c.Actions[0]
		if len(c.Actions) != 1 || !taken.apart(c) {
			return z, false
		}
		switch a.Kind {
		case history.ReadKey:
		case history.WriteKey:
			v := a.Value
			if of[v] != nil {
				return z, false
			}
			if c.Invoked > end {
				continue
			}
			returned := c.Returned
			if returned > end {
				returned = history.Forever
			}
			of[v] = &cluster{calls: []int32{int32(i)}, returned: returned, invoked: c.Invoked, written: c.Invoked, seen: returned != history.Forever}
			z.list = append(z.list, of[v])
		default:
			return z, false
		}
	}
	z.reads(h, part, of, end)
	return z, true
}

// reads adds the reads up to a time to the clusters of what they saw.
func (z *zones) reads(h *history.Calls, part []int, of map[history.Value]*cluster, end time.Duration) {
	for _, i := range part {
		c := &h.Calls[i]
		if c.Actions[0].Kind != history.ReadKey || c.Returned > end || c.Pending() {
			continue
		}
		v := c.Actions[0].Value
		k := of[v]
		if k == nil { // of what nobody wrote
			k = &cluster{returned: math.MaxInt64, invoked: math.MinInt64, written: math.MaxInt64}
			of[v] = k
			z.list = append(z.list, k)
		}
		k.calls = append(k.calls, int32(i))
		k.returned, k.invoked, k.seen = min(k.returned, c.Returned), max(k.invoked, c.Invoked), true
	}
}

// conflict finds one cluster that contradicts itself, or two that contradict each other: two forward zones that overlap, or a backward
// zone within a forward one; nil if there is none, and then there is an order.
func (z zones) conflict() []*cluster {
	var forward, backward []*cluster
	for _, c := range z.list {
		switch {
		case !c.seen:
		case c.returned < c.written: // read before it was written
			return []*cluster{c}
		case c.forward():
			forward = append(forward, c)
		default:
			backward = append(backward, c)
		}
	}
	slices.SortStableFunc(forward, func(x, y *cluster) int { return cmp.Compare(x.returned, y.returned) })
	for i := 1; i < len(forward); i++ {
		if forward[i].returned < forward[i-1].invoked {
			return forward[i-1 : i+1]
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
			return []*cluster{forward[i-1], b}
		}
	}
	return nil
}

// turns are, by process, when the last of its calls so far returned.
type turns map[int32]time.Duration

// apart notes the next call of a process, and reports whether it begins later than the one before it ended: times that touch say nothing of
// the order of the two.
func (t turns) apart(c *history.Call) bool {
	before, ok := t[c.Process]
	t[c.Process] = c.Returned
	return !ok || before != c.Invoked
}
