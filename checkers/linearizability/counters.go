package linearizability

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// counted decides calls on one counter that read it and add always the same number to it, in time n log n. It does what must be done when a call
// returns, and no sooner, so that the counter is never further than it must be. As many additions must be done then as the result asks for: at
// each step the one whose result says that it is this one, and else the one that returns first, for the others do the same and can wait, as two that
// are exchanged show (earliest deadline first). A read took effect if it was under way when the counter left its number.
func counted(h *history.Calls, part []int, initial []history.Entry) (checkers.Status, *refutation) {
	k := &count{h: h, part: part, told: map[int64]int{}}
	if !k.collect(initial) {
		return checkers.Unknown, nil
	}
	stuck := k.run(nil)
	if stuck < 0 {
		return checkers.Pass, nil
	}
	refuted := refute(nil, "no order of the additions explains %v", k.show(stuck))
	refuted.blame = k.blamed
	return checkers.Fail, refuted
}

// count is a counter in steps of what is added.
type count struct {
	h     *history.Calls
	part  []int
	start int64
	none  bool  // the counter is not there at first, and reads as nothing
	unit  int64 // what is added; 0 if nothing is

	byInvoked, byReturned []int // calls, the pending ones only in the first

	// Of a run.
	told  map[int64]int // by step: the addition that says that it is this one
	open  deadlines     // the additions that are under way, not done, and do not say which step they are
	left  []time.Duration
	added []bool // by call: an addition of open that was done
}

// mostCounted bounds what is counted, so that no sum is too large.
const mostCounted = 1 << 61

// collect puts the calls in order; false for what is no such counter.
func (k *count) collect(initial []history.Entry) bool {
	k.none = len(initial) == 0
	for _, e := range initial {
		if k.start = e.Value.Number; e.Value.Kind != history.Number {
			return false
		}
	}
	for _, i := range k.part {
		c := &k.h.Calls[i]
		a := &c.Actions[0]
		known := a.Value.Kind == history.Number && a.Value.Number > -mostCounted && a.Value.Number < mostCounted
		switch {
		case a.Kind != history.ReadKey && a.Kind != history.AddTo, !c.Pending() && !known && a.Value.Kind != history.Absent:
			return false
		case a.Kind == history.AddTo && (a.Delta == 0 || k.unit != 0 && a.Delta != k.unit):
			return false
		case a.Kind == history.AddTo:
			k.unit = a.Delta
		}
	}
	size := int64(len(k.part) + 1)
	if max(k.start, -k.start) >= mostCounted || k.unit > mostCounted/size || k.unit < -mostCounted/size {
		return false
	}
	k.byInvoked = slices.Clone(k.part)
	slices.SortStableFunc(k.byInvoked, func(x, y int) int { return cmp.Compare(k.h.Calls[x].Invoked, k.h.Calls[y].Invoked) })
	k.byReturned = slices.DeleteFunc(slices.Clone(k.part), func(i int) bool { return k.h.Calls[i].Pending() })
	slices.SortStableFunc(k.byReturned, func(x, y int) int { return cmp.Compare(k.h.Calls[x].Returned, k.h.Calls[y].Returned) })
	return true
}

// step is after how many additions the counter has the result of a call; -1 if it never has. An addition that does not tell its sum has none: it is false.
func (k *count) step(i int) (int64, bool) {
	a := &k.h.Calls[i].Actions[0]
	if a.Value.Kind == history.Absent {
		if a.Kind == history.ReadKey && !k.none {
			return -1, true
		}
		return 0, a.Kind == history.ReadKey
	}
	distance := a.Value.Number - k.start
	switch {
	case distance == 0 && k.none, k.unit == 0 && distance != 0:
		return -1, true
	case k.unit == 0:
		return 0, true
	case distance%k.unit != 0, distance/k.unit < 0, a.Kind == history.AddTo && distance == 0:
		return -1, true
	}
	return distance / k.unit, true
}

// run goes through the returns, and returns the call of the first one that cannot be; -1 if there is none. The calls that are relaxed may have any result and take
// effect at any time after they were invoked, or never.
func (k *count) run(relaxed map[int]bool) int {
	clear(k.told)
	k.open, k.left, k.added = nil, k.left[:0], make([]bool, len(k.h.Calls))
	for _, i := range k.byReturned {
		if s, ok := k.step(i); ok && k.h.Calls[i].Actions[0].Kind == history.AddTo && !relaxed[i] {
			if _, twice := k.told[s]; !twice {
				k.told[s] = i
			}
		}
	}
	next := k.byInvoked
	for _, i := range k.byReturned {
		c := &k.h.Calls[i]
		for ; len(next) > 0 && k.h.Calls[next[0]].Invoked <= c.Returned; next = next[1:] {
			k.begin(next[0], relaxed[next[0]])
		}
		if !relaxed[i] && !k.end(i) {
			return i
		}
	}
	return -1
}

// begin notes an addition that is under way, if it may be any step.
func (k *count) begin(i int, relaxed bool) {
	c := &k.h.Calls[i]
	if c.Actions[0].Kind != history.AddTo {
		return
	}
	by := c.Returned
	if relaxed {
		by = history.Forever
	}
	if _, ok := k.step(i); !ok || by == history.Forever {
		heap.Push(&k.open, deadline{by, i})
	}
}

// end does what must be done when a call returns; false if that cannot be.
func (k *count) end(i int) bool {
	c := &k.h.Calls[i]
	step, ok := k.step(i)
	switch {
	case !ok:
		for !k.added[i] {
			if !k.advance(c.Returned) {
				return false
			}
		}
		return true
	case step < 0 || c.Actions[0].Kind == history.AddTo && k.told[step] != i: // another one says that it is this step
		return false
	}
	for int64(len(k.left)) < step {
		if !k.advance(c.Returned) {
			return false
		}
	}
	return c.Actions[0].Kind == history.AddTo || int64(len(k.left)) == step || k.left[step] >= c.Invoked
}

// advance does one addition at a time; false if there is none that can be the next.
func (k *count) advance(now time.Duration) bool {
	if i, ok := k.told[int64(len(k.left))+1]; ok {
		if k.h.Calls[i].Invoked > now {
			return false
		}
	} else if len(k.open) == 0 {
		return false
	} else {
		k.added[heap.Pop(&k.open).(deadline).call] = true
	}
	k.left = append(k.left, now)
	return true
}

// triedCalls bounds how many calls all trials together may have that find out which are to blame.
const triedCalls = 1_000_000

// blamed are calls that cannot be explained, whatever the others did: those without which, tried in turn, the rest can be.
func (k *count) blamed() []int {
	relaxed := map[int]bool{}
	now, tried := slices.Clone(k.byReturned), 0
	for size := len(now); size >= 1 && tried < triedCalls; size /= 2 {
		for chunk := range slices.Chunk(slices.Clone(now), size) {
			for _, i := range chunk {
				relaxed[i] = true
			}
			tried += len(k.part)
			if k.run(relaxed) >= 0 {
				now = slices.DeleteFunc(now, func(i int) bool { return relaxed[i] })
			} else {
				for _, i := range chunk {
					delete(relaxed, i)
				}
			}
			if tried > triedCalls {
				break
			}
		}
	}
	return now
}

// show is a call as a person reads it.
func (k *count) show(i int) *compiled {
	return &compiled{index: i, call: &k.h.Calls[i], untimed: k.h.Untimed, wording: k.h.Wording}
}

// deadline is when an addition must be done.
type deadline struct {
	by   time.Duration
	call int
}

// deadlines are a heap, with the first on top.
type deadlines []deadline

func (d deadlines) Len() int { return len(d) }
func (d deadlines) Less(i, k int) bool {
	return cmp.Or(cmp.Compare(d[i].by, d[k].by), cmp.Compare(d[i].call, d[k].call)) < 0
}
func (d deadlines) Swap(i, k int) { d[i], d[k] = d[k], d[i] }
func (d *deadlines) Push(x any)   { *d = append(*d, x.(deadline)) }

func (d *deadlines) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}
