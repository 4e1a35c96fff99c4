package sched

import (
	"math"
	"time"

	"synchrony/models/schedule"
)

// Virtual time stands still while tasks run. It moves when the clock, a pseudo-task that
// is enabled as long as anything waits for a time, is chosen: to the earliest
// time waited for.

//go:norace
func (c *controlled) readClock() time.Duration {
	if !c.isOver() {
		c.announce(c.running, schedule.OpNow, clockObject)
		if c.hosted() {
			c.reads++
			c.tail |= toldTime
		}
	}
	return c.now
}

//go:norace
func (c *controlled) stamp() time.Duration {
	c.now++
	c.tail |= stamped
	return c.now
}

//go:norace
func (c *controlled) sleep(d time.Duration) {
	if c.isOver() {
		return
	}
	t := c.running
	if d > 0 {
		t.wait = untilFired
		t.pause()
		c.arm(&Timer{sleeper: t, index: -1}, d)
		c.tail |= armed
	}
	c.announce(t, schedule.OpSleep, clockObject)
}

//go:norace
func (c *controlled) afterFunc(rt *Runtime, d time.Duration, f func()) *Timer {
	t := &Timer{rt: rt, f: f, index: c.counts[schedule.ClassTimer]}
	if c.isOver() {
		return t
	}
	c.counts[schedule.ClassTimer]++
	c.announce(c.running, schedule.OpArm, t.object())
	t.edge.Store(1)
	c.arm(t, d)
	return t
}

// never is the deadline of timers that are further off than there are times: 292 years. Time does not come to it.
const never time.Duration = math.MaxInt64

// later is d after a time, or never.
func later(at, d time.Duration) time.Duration {
	if d > never-at {
		return never
	}
	return at + d
}

//go:norace
func (c *controlled) arm(t *Timer, d time.Duration) {
	t.deadline = later(c.now, max(d, 0))
	t.armed, t.brief = true, d <= instant
	if t.deadline < never {
		c.timers = append(c.timers, t)
	}
	c.lookForDue()
}

// stop takes its step, and disarms t.
//
//go:norace
func (c *controlled) stop(t *Timer) bool {
	if c.isOver() {
		return false
	}
	c.announce(c.running, schedule.OpStop, t.object())
	if !t.armed {
		return false
	}
	t.armed = false
	c.sweep()
	return true
}

// sweep forgets the timers that are no longer armed, or ring never.
//
//go:norace
func (c *controlled) sweep() {
	rest := c.timers[:0]
	for _, t := range c.timers {
		if t.armed && t.deadline < never {
			rest = append(rest, t)
		}
	}
	c.timers = rest
	c.lookForDue()
}

// fire is the clock's step: it advances to the earliest deadline, wakes who slept
// until then, and starts a task for each timer due. It returns the first of these:
// by default it goes on at once, so that a single deviation, to the clock, is enough
// for a timer to take effect at any point.
//
//go:norace
func (c *controlled) fire() (woken int32) {
	first := c.timers[0].deadline
	for _, t := range c.timers[1:] {
		first = min(first, t.deadline)
	}
	c.now = max(c.now, first)
	c.moves++
	c.woken = Clock
	for _, t := range c.timers {
		w := t.sleeper
		switch {
		case t.deadline > c.now:
			continue
		case t.alarm != nil:
			continue
		case w != nil:
			c.ticking.restart(len(c.steps))
			w.wait = ready
			w.cause = int32(len(c.steps)) - 1
			c.refresh(w)
		default:
			w = c.start("timer", int(t.index), t.f, t.object(), &t.edge)
		}
		if c.woken == Clock {
			c.woken = w.number
		}
		t.armed = false
	}
	c.sweep()
	c.ring()
	c.writes++
	return c.woken
}
