package sched

import (
	"strconv"
	"time"

	"synchrony/models/schedule"
)

// Runtime is what concurrent code runs on. A nil *Runtime, and its zero value,
// mean plain goroutines and real time: every hook is then a nil check. A
// controlled runtime (see [Run]) runs one task at a time and decides at every
// hook which one continues. [NewNoisy] makes one of real goroutines that are
// disturbed at random.
//
// The hooks of a controlled runtime may be called by its own tasks only.
type Runtime struct {
	ctl   *controlled
	noise *noise
}

// epoch is what real time is counted from; it never changes.
var epoch = time.Now()

// Controlled reports whether a deterministic scheduler decides.
func (rt *Runtime) Controlled() bool { return rt != nil && rt.ctl != nil }

// Go starts f as a task. The name and number appear in reports ("worker 2").
func (rt *Runtime) Go(name string, number int, f func()) {
	if rt != nil {
		rt.spawn(name, number, f)
		return
	}
	go f()
}

//go:noinline
func (rt *Runtime) spawn(name string, number int, f func()) {
	if c := rt.ctl; c != nil {
		c.spawn(name, number, f)
		return
	}
	rt.disturb()
	go func() {
		rt.disturb()
		f()
	}()
}

// Yield announces an access to o, just before it is made.
func (rt *Runtime) Yield(op schedule.Op, o schedule.Object) {
	if rt != nil {
		rt.yield(op, o)
	}
}

//go:noinline
func (rt *Runtime) yield(op schedule.Op, o schedule.Object) {
	if c := rt.ctl; c != nil {
		c.step(op, o)
		return
	}
	rt.disturb()
}

// Spin announces one turn of a loop that waits for o to change. The default
// schedule then runs somebody else, if anybody can run.
func (rt *Runtime) Spin(o schedule.Object) {
	if rt != nil {
		rt.yield(schedule.OpSpin, o)
	}
}

// Now is the time since a fixed moment no later than the run's beginning; a
// yield point. Virtual, and counted from the run's beginning, if controlled.
func (rt *Runtime) Now() time.Duration {
	if rt != nil {
		return rt.now()
	}
	return time.Since(epoch)
}

//go:noinline
func (rt *Runtime) now() time.Duration {
	if c := rt.ctl; c != nil {
		return c.readClock()
	}
	rt.disturb()
	return time.Since(epoch)
}

// Stamp is a timestamp for traces: as Now, but no yield point, and strictly
// increasing in a controlled run (each call takes a nanosecond of virtual time).
func (rt *Runtime) Stamp() time.Duration {
	if rt != nil && rt.ctl != nil {
		return rt.ctl.stamp()
	}
	return time.Since(epoch)
}

// Sleep pauses the task for at least d.
func (rt *Runtime) Sleep(d time.Duration) {
	if rt != nil && rt.ctl != nil {
		rt.ctl.sleep(d)
		return
	}
	time.Sleep(d)
}

// disturb is every hook of real goroutines: a pause if noise was asked for.
func (rt *Runtime) disturb() {
	if rt.noise != nil {
		rt.noise.disturb()
	}
}

// title is a task's name in reports.
func title(name string, number int) string { return name + " " + strconv.Itoa(number) }
