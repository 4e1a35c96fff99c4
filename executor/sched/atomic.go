package sched

import (
	"sync/atomic"

	"synchrony/models/schedule"
)

// Int64 is an atomic integer; the zero value is 0. In hot arrays use sync/atomic
// with an adjacent Yield: it is smaller.
type Int64 struct {
	v atomic.Int64
	ref
}

// Load returns the value.
func (v *Int64) Load(rt *Runtime) int64 {
	if rt != nil {
		v.hook(rt, schedule.OpLoad)
	}
	return v.v.Load()
}

// Store sets the value.
func (v *Int64) Store(rt *Runtime, n int64) {
	if rt != nil {
		v.hook(rt, schedule.OpStore)
	}
	v.v.Store(n)
}

// Add adds n and returns the new value.
func (v *Int64) Add(rt *Runtime, n int64) int64 {
	if rt != nil {
		v.hook(rt, schedule.OpRMW)
	}
	return v.v.Add(n)
}

// CompareAndSwap sets the value to new if it is old, and reports whether it was.
func (v *Int64) CompareAndSwap(rt *Runtime, old, new int64) bool {
	if rt != nil {
		v.hook(rt, schedule.OpRMW)
	}
	ok := v.v.CompareAndSwap(old, new)
	if !ok && rt != nil && rt.ctl != nil {
		rt.ctl.swapFailed()
	}
	return ok
}

//go:noinline
func (v *Int64) hook(rt *Runtime, op schedule.Op) {
	if c := rt.ctl; c != nil {
		c.step(op, schedule.Object{Class: schedule.ClassAtomic, Index: c.number(&v.ref, rt, schedule.ClassAtomic)})
		return
	}
	rt.disturb()
}
