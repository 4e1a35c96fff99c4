package sched

import (
	"time"

	"synchrony/models/schedule"
)

// Alarm is a timer whose effect is part of the clock's step: what a timer channel or a ticker needs. Alarms that are due at
// the same time ring one by one, in an order that the strategy picks, and other tasks may run in between.
type Alarm struct {
	Timer
	ring   func()
	heeded func() bool
	period time.Duration
	scope  *Scope // of the task that set it
}

// NewAlarm makes an alarm that is not set. The clock calls ring, which must be free of steps; it may Wake tasks, and
// [Alarm.Spawn] one. Once nothing but alarms could let the run go on, heeded says whether it would be noticed if this one
// rang; nil means that it would.
//
//go:norace
func (rt *Runtime) NewAlarm(ring func(), heeded func() bool) *Alarm {
	a := &Alarm{Timer: Timer{rt: rt}, ring: ring, heeded: heeded}
	a.alarm = a
	if c := rt.ctl; c != nil {
		a.index = c.counts[schedule.ClassTimer]
		c.counts[schedule.ClassTimer]++
	}
	return a
}

// Object is what the alarm's steps touch: set, stop, and whatever sees that it rang.
func (a *Alarm) Object() schedule.Object { return a.object() }

// Set makes the alarm ring after d, and if the period is positive, every period from then on. It was set already
// if Set returns true. A yield point.
//
//go:norace
func (a *Alarm) Set(d, period time.Duration) (was bool) {
	c := a.rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	c.announce(c.running, schedule.OpArm, a.object())
	was = a.disarm(c)
	a.edge.Store(1)
	a.period, a.scope = period, c.running.scope
	c.arm(&a.Timer, d)
	return was
}

// Unset is Stop: a yield point that keeps the alarm from ringing. It was set if Unset returns true.
//
//go:norace
func (a *Alarm) Unset() (was bool) {
	c := a.rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	c.announce(c.running, schedule.OpStop, a.object())
	return a.disarm(c)
}

//go:norace
func (a *Alarm) disarm(c *controlled) (was bool) {
	if was = a.armed; was {
		a.armed = false
		c.sweep()
	}
	return was
}

// Spawn starts f as a task, while the alarm rings.
//
//go:norace
func (a *Alarm) Spawn(f func()) {
	c := a.rt.ctl
	t := c.start("timer", int(a.index), f, a.object(), &a.edge)
	t.scope = a.scope
	if c.woken == Clock {
		c.woken = t.number
	}
}

// Elapsed is the virtual time since the run's beginning; no yield point.
//
//go:norace
func (rt *Runtime) Elapsed() time.Duration {
	if c := rt.ctl; c != nil {
		return c.now
	}
	return 0
}

// Drift is how much later than [Runtime.Elapsed] a hosted run's clock should show, as no clock is exactly on time, and none stands still while it
// is read: a nanosecond for each time that it has moved, or was read by [Runtime.Now]. No yield point.
//
//go:norace
func (rt *Runtime) Drift() time.Duration {
	if c := rt.ctl; c != nil {
		return time.Duration(c.moves + c.reads)
	}
	return 0
}

// ring rings one of the alarms that are due.
//
//go:norace
func (c *controlled) ring() {
	c.rings = c.rings[:0]
	for _, t := range c.timers {
		if t.alarm != nil && t.armed && t.deadline <= c.now {
			c.rings = append(c.rings, t.alarm)
		}
	}
	if len(c.rings) == 0 {
		return
	}
	k := 0
	if len(c.rings) > 1 {
		k = c.pick(Clock, schedule.ClassUser, len(c.rings))
	}
	a := c.rings[k]
	if a.armed = a.period > 0; a.armed {
		c.ticking.tick(c.steps)
		if a.deadline = later(a.deadline, a.period); a.deadline < c.now { // it rang late: what was missed is dropped
			a.deadline = later(c.now, a.period-(c.now-a.deadline)%a.period)
		}
	} else {
		c.ticking.restart(len(c.steps))
	}
	a.ring()
	c.sweep()
}
