package sched

import (
	"sync/atomic"
	"time"

	"synchrony/models/schedule"
)

// Timer runs a function once, later. Make one with [Runtime.AfterFunc].
type Timer struct {
	rt   *Runtime
	real *time.Timer

	// Controlled runs only.
	f        func()
	index    int32 // the timer's number
	deadline time.Duration
	armed    bool
	brief    bool         // set for no longer than an instant: see controlled.lookForDue
	sleeper  *task        // the task to wake, for a Sleep; f is nil then
	alarm    *Alarm       // that this timer is of; f is nil then
	edge     atomic.Int32 // orders f after AfterFunc, for the race detector
}

// AfterFunc runs f as a task of its own once d has passed, unless stopped. In a
// controlled run it may fire at any point: the other tasks were slow.
func (rt *Runtime) AfterFunc(d time.Duration, f func()) *Timer {
	if rt == nil {
		return &Timer{real: time.AfterFunc(d, f)}
	}
	if c := rt.ctl; c != nil {
		return c.afterFunc(rt, d, f)
	}
	rt.disturb()
	return &Timer{rt: rt, real: time.AfterFunc(d, func() {
		rt.disturb()
		f()
	})}
}

// Stop keeps the timer from firing; false if it has fired or was stopped.
func (t *Timer) Stop() bool {
	if t.real != nil {
		if t.rt != nil {
			t.rt.disturb()
		}
		return t.real.Stop()
	}
	c := t.rt.ctl
	if c == nil { // the run is over
		return false
	}
	return c.stop(t)
}

func (t *Timer) object() schedule.Object {
	return schedule.Object{Class: schedule.ClassTimer, Index: t.index}
}
