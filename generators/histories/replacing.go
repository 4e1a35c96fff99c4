package histories

import (
	"cmp"
	"slices"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// Replacing draws up to n calls on one register that read, write, and compare and set, each value written once: most replace the value before by a compare-and-set, so that
// there are long rows of values that replaced each other. In two thirds of the histories something is wrong, mostly with these rows: a value is replaced twice, or after one
// that replaced it, or by itself in the end; a call returned before the one was invoked whose effect it saw; a comparison failed though the value was there.
func Replacing(s choice.Source, n int) *history.Calls {
	h := &history.Calls{Initial: []history.Entry{{Key: "x", Value: history.NumberOf(0)}}}
	if choice.Chance(s, 20) {
		h.Initial = nil
	}
	var there history.Value // what the register holds
	for _, e := range h.Initial {
		there = e.Value
	}
	width := choice.Below(s, 4) * 8
	ends := make([]time.Duration, 2+choice.Below(s, 4))
	was := []history.Value{there}
	for i := range 1 + choice.Below(s, n) {
		now := time.Duration(10 * (i + 1))
		p := choice.Below(s, len(ends))
		if ends[p] == history.Forever || ends[p] >= now {
			continue
		}
		c := history.Call{Process: int32(p), Invoked: max(ends[p]+1, now-time.Duration(choice.Below(s, width+1))), Returned: now + 1 + time.Duration(choice.Below(s, width+1))}
		a := history.Action{Key: "x", Kind: history.CompareSet, Old: there, Value: history.NumberOf(int64(i + 1)), OK: true}
		switch choice.Pick(s, 6, 2, 2, 2) {
		case 1:
			a = history.Action{Key: "x", Kind: history.ReadKey, Value: there}
		case 2:
			a = history.Action{Key: "x", Kind: history.WriteKey, Value: a.Value}
		case 3: // of what was there, or will be
			if a.Old = history.NumberOf(int64(choice.Below(s, n+1))); a.Old == there {
				continue
			}
			a.OK = false
		}
		if a.Kind == history.WriteKey || a.OK {
			there = a.Value
			was = append(was, there)
			if choice.Chance(s, 5) {
				c.Returned, a.OK = history.Forever, false
			}
		}
		c.Actions = []history.Action{a}
		ends[p] = c.Returned
		h.Calls = append(h.Calls, c)
	}
	if choice.Chance(s, 66) {
		misreplace(s, h, was)
		slices.SortStableFunc(h.Calls, func(x, y history.Call) int { return cmp.Compare(x.Invoked, y.Invoked) })
	}
	return h
}

// misreplace makes something wrong with one of the calls of [Replacing], which were there in this order.
func misreplace(s choice.Source, h *history.Calls, was []history.Value) {
	succeeded := func(c history.Call) bool {
		return c.Actions[0].Kind == history.CompareSet && c.Actions[0].OK
	}
	var replaced []int
	for i, c := range h.Calls {
		if succeeded(c) {
			replaced = append(replaced, i)
		}
	}
	if len(replaced) == 0 {
		return
	}
	c := &h.Calls[replaced[choice.Below(s, len(replaced))]]
	a := &c.Actions[0]
	switch choice.Below(s, 5) {
	case 0, 1: // another value, of before or of later
		if old := was[choice.Below(s, len(was))]; old != a.Value {
			a.Old = old
		}
	case 2:
		a.OK = false
	case 3:
		other := &h.Calls[replaced[choice.Below(s, len(replaced))]]
		if x := &other.Actions[0]; x.Old != a.Value && a.Old != x.Value {
			a.Old, x.Old = x.Old, a.Old
		}
	default: // it was over before others began
		if i := slices.IndexFunc(h.Calls, func(x history.Call) bool { return x.Process != c.Process }); i >= 0 && !c.Pending() {
			c.Invoked, c.Returned = 1, 2
			c.Process = 1000 // a client of its own
		}
	}
}
