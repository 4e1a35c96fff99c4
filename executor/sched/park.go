package sched

import "synchrony/models/schedule"

// Step announces an access to o, and to more objects if there are any, just before it is made.
//
//go:norace
func (rt *Runtime) Step(op schedule.Op, o schedule.Object, more ...schedule.Object) bool {
	c := rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	c.announceAll(c.running, op, o, more)
	return true
}

// Park makes the running task wait until another calls Wake with it. The operation and objects are what reports say that
// it waits for; the task must have made known there that it waits, in a step before.
//
//go:norace
func (rt *Runtime) Park(op schedule.Op, o schedule.Object, more ...schedule.Object) bool {
	c := rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	c.noteParked(o)
	c.running.wait = untilWoken
	c.running.pause()
	c.announceAll(c.running, op, o, more)
	return true
}

// Rest is Park for a task that may be left there for good, as a coroutine that was not run to its end: that is no leak, and not what others
// wait for.
//
//go:norace
func (rt *Runtime) Rest(op schedule.Op, o schedule.Object) bool {
	c := rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	c.running.resting = true
	defer c.rested(c.running)
	return rt.Park(op, o)
}

// rested ends a rest. If the run's end does, all that others did comes before, for the race detector: what the task still does in its deferred
// functions is no race.
//
//go:norace
func (c *controlled) rested(t *task) {
	t.resting = false
	if c.unwinding {
		c.done.Load()
	}
}

// left are the tasks that are not over and should be.
//
//go:norace
func (c *controlled) left() (list []*task) {
	for _, t := range c.live {
		if !t.resting || t.wait != untilWoken {
			list = append(list, t)
		}
	}
	return list
}

// Wake lets a parked task go on, by a step of the given kind on what it waited for: OpWake if it finds
// completed what it waited for, another if it looks at the object again. It is part of the running task's
// step, or of the clock's.
//
//go:norace
func (rt *Runtime) Wake(t Task, op schedule.Op) {
	c := rt.ctl
	if c == nil || c.unwinding || t.t.wait != untilWoken {
		return
	}
	t.t.wait, t.t.op = ready, op
	t.t.cause = int32(len(c.steps)) - 1
	c.writes++
	c.refresh(t.t)
	if c.woken == Clock {
		c.woken = t.t.number
	}
}

// Until announces a step that can be taken whenever holds returns true. What holds looks at must be part of o or of more, and
// holds must be free of steps and effects. It is called at every decision: Park costs less.
//
//go:norace
func (rt *Runtime) Until(holds func() bool, op schedule.Op, o schedule.Object, more ...schedule.Object) bool {
	c := rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	c.running.wait, c.running.holds = untilHolds, holds
	c.announceAll(c.running, op, o, more)
	return true
}

// Touch says that the running task's step, or the clock's, has also looked at or completed what a task waits for on several
// objects: two steps that could complete it on different ones are not independent.
//
//go:norace
func (rt *Runtime) Touch(t Task) {
	if c := rt.ctl; c != nil {
		c.touched = append(c.touched, taskObject(t.t.number))
	}
}

// Wrote says that the running task's step, of a kind that need not change anything, has changed something: those that
// spin may find it.
//
//go:norace
func (rt *Runtime) Wrote() {
	if c := rt.ctl; c != nil {
		c.writes++
	}
}

//go:norace
func (c *controlled) announceAll(t *task, op schedule.Op, o schedule.Object, more []schedule.Object) {
	t.mutex, t.group = nil, nil
	//lint:ignore S1011 one by one: the race detector sees a slice that is appended
	for _, o := range more {
		t.more = append(t.more, o)
	}
	c.announce(t, op, o)
	t.more = t.more[:0]
}

// SwapFailed takes back that the running task's step, a compare-and-swap, counted as a write.
//
//go:norace
func (rt *Runtime) SwapFailed() {
	if c := rt.ctl; c != nil {
		c.swapFailed()
	}
}
