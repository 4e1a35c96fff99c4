package sched

import (
	"sync"

	"synchrony/models/schedule"
)

// WaitGroup waits for a count to reach zero. A negative count panics.
type WaitGroup struct {
	real sync.WaitGroup // counts in controlled runs too: the race detector sees it
	ref
	count int // controlled runs only
}

// Add adds n, which may be negative, to the count.
func (g *WaitGroup) Add(rt *Runtime, n int) {
	if rt != nil {
		g.add(rt, n)
		return
	}
	g.real.Add(n)
}

// Done takes one off the count.
func (g *WaitGroup) Done(rt *Runtime) {
	if rt != nil {
		g.add(rt, -1)
		return
	}
	g.real.Add(-1)
}

//go:noinline
func (g *WaitGroup) add(rt *Runtime, n int) {
	if c := rt.ctl; c != nil {
		c.add(rt, g, n)
		return
	}
	rt.disturb()
	g.real.Add(n)
}

// Wait waits until the count is zero.
func (g *WaitGroup) Wait(rt *Runtime) {
	if rt != nil {
		g.wait(rt)
		return
	}
	g.real.Wait()
}

//go:noinline
func (g *WaitGroup) wait(rt *Runtime) {
	if c := rt.ctl; c != nil {
		c.join(rt, g)
		return
	}
	rt.disturb()
	g.real.Wait()
}

func (g *WaitGroup) object(rt *Runtime) schedule.Object {
	return schedule.Object{Class: schedule.ClassGroup, Index: rt.ctl.number(&g.ref, rt, schedule.ClassGroup)}
}
