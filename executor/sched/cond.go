package sched

import (
	"sync"
	"sync/atomic"

	"synchrony/models/schedule"
)

// Cond is a condition variable on the Mutex L, which must be set before use.
// Waiters are woken first come, first served; there are no spurious wake-ups.
type Cond struct {
	L *Mutex

	real sync.Cond // its L is set by the first Wait, under L
	ref

	// Controlled runs only.
	waiters []*task      // first come, first
	woken   atomic.Int32 // orders a wake-up after its signal, for the race detector
}

// Wait unlocks c.L, waits for a Signal or Broadcast, and locks c.L again. The
// caller must hold c.L.
func (c *Cond) Wait(rt *Runtime) {
	if rt != nil && rt.ctl != nil {
		rt.ctl.wait(rt, c)
		return
	}
	if rt != nil {
		rt.disturb()
	}
	if c.real.L == nil {
		c.real.L = &c.L.mu
	}
	c.real.Wait()
}

// Signal wakes one waiter, if there is any. The caller need not hold c.L.
func (c *Cond) Signal(rt *Runtime) {
	if rt != nil && rt.ctl != nil {
		rt.ctl.signal(rt, c, schedule.OpSignal)
		return
	}
	if rt != nil {
		rt.disturb()
	}
	c.real.Signal()
}

// Broadcast wakes all waiters. The caller need not hold c.L.
func (c *Cond) Broadcast(rt *Runtime) {
	if rt != nil && rt.ctl != nil {
		rt.ctl.signal(rt, c, schedule.OpBroadcast)
		return
	}
	if rt != nil {
		rt.disturb()
	}
	c.real.Broadcast()
}

func (c *Cond) object(rt *Runtime) schedule.Object {
	return schedule.Object{Class: schedule.ClassCond, Index: rt.ctl.number(&c.ref, rt, schedule.ClassCond)}
}
