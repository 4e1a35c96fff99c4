package sched

import (
	"runtime"

	"synchrony/models/schedule"
)

// Code that is not handed a runtime can still run on one: packages that stand in for sync, time and channels find
// the running task by the goroutine they are called on (see Options.Goroutine), and build what they need from the
// methods in this and the next files. Each announces its step and returns once the task was chosen to take it; false says
// that the run is over, and that the caller must have no effect.

// Hosted reports whether rt controls a run that was given [Options.Goroutine].
//
//go:norace
func (rt *Runtime) Hosted() bool { return rt.ctl != nil && rt.ctl.hosted() }

//go:norace
func (c *controlled) hosted() bool { return c.goroutine != nil }

// Here reports whether the goroutine, as Options.Goroutine identifies it, is the one that the running task
// runs on. Any goroutine may ask.
//
//go:norace
func (rt *Runtime) Here(goroutine uintptr) bool {
	c := rt.ctl
	return c != nil && c.at == goroutine && goroutine != 0
}

// enter notes which goroutine t runs on.
//
//go:norace
func (c *controlled) enter(t *task) {
	if c.goroutine != nil {
		t.goroutine = c.goroutine()
		c.at = t.goroutine
	}
}

// Task is a task of a controlled run, as others hold it who wake it.
type Task struct{ t *task }

// Self is the running task.
//
//go:norace
func (rt *Runtime) Self() Task { return Task{rt.ctl.running} }

// Number is the task's number.
//
//go:norace
func (t Task) Number() int32 { return t.t.number }

// Spawn is Go for a task that reports name by where it was started: by who called Spawn's caller, if skip is 1, or who called
// that one, and so on.
//
//go:norace
func (rt *Runtime) Spawn(f func(), skip int) bool {
	c := rt.ctl
	if c == nil || c.isOver() {
		return false
	}
	t := c.reserve("goroutine", c.spawned, f)
	runtime.Callers(2+skip, t.site[:])
	c.announce(c.running, schedule.OpSpawn, taskObject(t.number))
	t.op, t.object = schedule.OpBegin, taskObject(t.number)
	t.born.Store(1)
	c.admit(t)
	return true
}

// NewObject numbers an object of a class.
//
//go:norace
func (rt *Runtime) NewObject(class schedule.Class) schedule.Object {
	c := rt.ctl
	if c == nil {
		return schedule.Object{Class: class, Index: -1}
	}
	o := schedule.Object{Class: class, Index: c.counts[class]}
	c.counts[class]++
	return o
}

// Fatal ends the run as a panic does that cannot be recovered: Go's "fatal error". It does not return.
//
//go:norace
func (rt *Runtime) Fatal(message string) {
	c := rt.ctl
	if c == nil || c.isOver() {
		return
	}
	c.abort(c.running, "fatal error: "+message)
}

// Over reports whether the run is over, and its tasks are being ended.
//
//go:norace
func (rt *Runtime) Over() bool { return rt.ctl == nil || rt.ctl.unwinding }
