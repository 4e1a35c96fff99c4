package histories

import (
	"time"

	"synchrony/generators/choice"
	"synchrony/models/history"
)

// Waits draws what 2 to 4 processes saw that wait for each other at a barrier in 1 to 3 rounds, of 2 parties or 3. In half of the histories they
// do not always: one comes too late for its round, leaves too early, gives up, or is never seen again.
func Waits(s choice.Source) *history.Calls {
	d := waitsDraw{s: s, h: &history.Calls{}, parties: 2 + choice.Below(s, 2)}
	d.free = make([]time.Duration, d.parties+choice.Below(s, 2))
	if choice.Chance(s, 50) {
		d.errs = 40
	}
	for range 1 + choice.Below(s, 3) {
		s.Group(func(choice.Source) { d.round() })
	}
	return d.h
}

// waitsDraw is a history of waits being drawn.
type waitsDraw struct {
	s       choice.Source
	h       *history.Calls
	parties int
	errs    int             // percent of waits that something is wrong with
	free    []time.Duration // by process: when its last wait returned
}

// round draws the waits of parties that come together, from some process on.
func (d *waitsDraw) round() {
	first := choice.Below(d.s, len(d.free))
	calls := make([]history.Call, 0, d.parties)
	var together time.Duration
	for i := range d.parties {
		p := (first + i) % len(d.free)
		if d.free[p] == history.Forever {
			continue
		}
		invoked := d.free[p] + time.Duration(choice.Below(d.s, 6))
		together = max(together, invoked)
		calls = append(calls, history.Call{Process: int32(p), Invoked: invoked, Actions: []history.Action{
			{Kind: history.AwaitAll, Key: "x", Delta: int64(d.parties), OK: true},
		}})
	}
	for i := range calls {
		c := &calls[i]
		c.Returned = together + time.Duration(choice.Below(d.s, 4))
		if choice.Chance(d.s, d.errs) {
			switch choice.Below(d.s, 3) {
			case 0:
				c.Returned = c.Invoked + time.Duration(choice.Below(d.s, 4))
			case 1:
				c.Actions[0].OK = false
			default:
				c.Returned = history.Forever
			}
		}
		d.free[c.Process] = c.Returned
	}
	d.h.Calls = append(d.h.Calls, calls...)
}
