package linearizability

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// monitor decides the calls on one object without a search, in time near to linear: Fail with a refutation; or Unknown if it is no object of
// which its theorem speaks, and has to be searched. The order of calls, each of which is one action, is that of their times alone.
type monitor func(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation)

// refutation is why calls cannot be explained, and which they are.
type refutation struct {
	why   string
	calls []int        // in the history
	blame func() []int // finds the calls, if that takes a while
	last  int          // the call up to whose return all can be explained, and not with it; -1 if that is not known
}

// monitor is that of the model's objects; nil if there is none.
func (m Model) monitor() monitor {
	has := func(k history.ActionKind) bool { return slices.Contains(m.actions, k) }
	switch {
	case !m.single:
		return nil
	case has(history.TakeFirst):
		return collection{history.AppendTo, history.TakeFirst, overtaken}.judge
	case has(history.TakeLast):
		return collection{history.AppendTo, history.TakeLast, unnested}.judge
	case has(history.TakeLeast):
		return collection{history.PutIn, history.TakeLeast, outranked}.judge
	case has(history.TakeAny):
		return collection{history.PutIn, history.TakeAny, anyOrder}.judge
	case m.sets:
		return growing
	case has(history.WriteKey):
		return zoned
	case has(history.AddTo) && !has(history.JoinAll):
		return counted
	default:
		return nil
	}
}

// monitored decides the calls on one object, if its model has a monitor and that can. Of a history that fails, the refutation is of the
// shortest prefix of which that is known: linearizability is closed under prefixes.
func monitored(m Model, h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	judge := m.monitor()
	if judge == nil {
		return checkers.Unknown, nil
	}
	status, refuted := judge.ordered(h, part, initial)
	if status != checkers.Fail {
		return status, nil
	}
	var returns []int
	for _, i := range part {
		if !h.Calls[i].Pending() {
			returns = append(returns, i)
		}
	}
	slices.SortStableFunc(returns, func(x, y int) int { return cmp.Compare(h.Calls[x].Returned, h.Calls[y].Returned) })
	passes := false // what is just shorter
	first, _ := slices.BinarySearchFunc(returns, true, func(last int, _ bool) int {
		before, list := prefix(h, part, h.Calls[last].Returned)
		s, r := judge.ordered(before, list, initial)
		if s == checkers.Fail {
			refuted = r
			return 1
		}
		passes = s == checkers.Pass
		return -1
	})
	if refuted.last = -1; first < len(returns) && (passes || first == 0) {
		refuted.last = returns[first]
	}
	if refuted.blame != nil {
		refuted.calls = refuted.blame()
	}
	slices.Sort(refuted.calls)
	refuted.calls = slices.Compact(refuted.calls)
	return status, refuted
}

// prefix is a history up to a time, and those of some calls that are in it.
func prefix(h *history.Calls, part []int, end time.Duration) (*history.Calls, []int) {
	p := &history.Calls{Initial: h.Initial, Calls: slices.Clone(h.Calls), Untimed: h.Untimed, Wording: h.Wording}
	var list []int
	for _, i := range part {
		c := &p.Calls[i]
		if c.Invoked > end {
			continue
		}
		if c.Returned > end {
			c.Returned = history.Forever
		}
		if !SaysNothing(c) {
			list = append(list, i)
		}
	}
	return p, list
}

// touching reports whether a call of a process begins when the one before it ended, which leaves the order of the two to more than times.
func touching(h *history.Calls, part []int) bool {
	ended := map[int32]time.Duration{}
	for _, i := range part {
		c := &h.Calls[i]
		if before, ok := ended[c.Process]; ok && before == c.Invoked {
			return true
		}
		ended[c.Process] = c.Returned
	}
	return false
}

// ordered decides calls of which some of a process may touch: they fail if they do with those in any order, and pass if they do with them in order.
func (judge monitor) ordered(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	status, refuted := judge(h, part, initial)
	if status != checkers.Pass || !touching(h, part) {
		return status, refuted
	}
	moved, all := apart(h, part)
	if status, _ = judge(moved, all, initial); status == checkers.Fail {
		return checkers.Unknown, nil
	}
	return status, nil
}

// apart is the calls of a part with other times, in which calls of a process do not touch, and all that come before others still do. Of calls of different
// processes that touch some come before others that need not, so that it says nothing if it cannot be explained.
func apart(h *history.Calls, part []int) (*history.Calls, []int) {
	moved := &history.Calls{Initial: h.Initial, Calls: make([]history.Call, len(part)), Untimed: h.Untimed, Wording: h.Wording}
	all := make([]int, len(part))
	times := make([]time.Duration, 0, 2*len(part))
	for n, i := range part {
		moved.Calls[n], all[n] = h.Calls[i], n
		times = append(times, h.Calls[i].Invoked, h.Calls[i].Returned)
	}
	slices.Sort(times)
	times = slices.Compact(times)
	// An instant becomes as many as there are calls: of a process, the k-th of those that touch at it ends in the 2k-th, the next begins after that.
	instant := func(at time.Duration) time.Duration {
		i, _ := slices.BinarySearch(times, at)
		return time.Duration(i * 2 * (len(part) + 1))
	}
	end := time.Duration(2*len(part) + 1)
	before := map[int32]int{} // by process: its last call
	ended := map[int32]time.Duration{}
	for n, i := range part {
		c := &h.Calls[i]
		k := time.Duration(0) // of its process, how many calls had ended at the instant at which it begins
		if last, ok := before[c.Process]; ok && h.Calls[part[last]].Returned == c.Invoked {
			k = ended[c.Process] + 1
			moved.Calls[last].Returned += 2*k - 1 - end
		}
		moved.Calls[n].Invoked = instant(c.Invoked) + 2*k
		if !c.Pending() {
			moved.Calls[n].Returned = instant(c.Returned) + end
		}
		if before[c.Process] = n; c.Returned > c.Invoked {
			k = 0
		}
		ended[c.Process] = k
	}
	return moved, all
}

// result is the refutation as what a check found out.
func (r *refutation) result(h *history.Calls) Result {
	shown := func(i int) string {
		return (&compiled{index: i, call: &h.Calls[i], untimed: h.Untimed, wording: h.Wording}).String()
	}
	evidence := listed([]string{"whenever the other calls took effect, these cannot be explained together:"}, r.calls, maxCore, shown)
	return Result{Verdict: checkers.Failed(NotLinearizable, r.why, evidence...), Prefix: r.last, Core: r.calls}
}

// refute makes a refutation.
func refute(calls []int, format string, args ...any) *refutation {
	return &refutation{why: fmt.Sprintf(format, args...), calls: calls}
}
