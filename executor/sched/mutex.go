package sched

import (
	"sync"

	"synchrony/models/schedule"
)

// ref ties a lock to the controlled run that uses it, and numbers it in order of
// first use.
type ref struct {
	rt    *Runtime
	index int32
}

// Mutex is a mutual exclusion lock. The zero value is unlocked. It must not be
// copied after first use, nor shared by two runtimes. A lock left behind by a run that was unwound is free in the
// next.
//
// Unlocking an unlocked mutex is sync's fatal error on real goroutines, and a panic of
// the task in a controlled run.
type Mutex struct {
	mu sync.Mutex // taken in controlled runs too, never contended: the race detector sees it
	ref
	held bool // controlled runs only
}

// Lock locks m, and waits until it can.
func (m *Mutex) Lock(rt *Runtime) {
	if rt != nil {
		m.lock(rt)
		return
	}
	m.mu.Lock()
}

// Unlock unlocks m, which must be locked, though not necessarily by this task.
func (m *Mutex) Unlock(rt *Runtime) {
	if rt != nil {
		m.unlock(rt)
		return
	}
	m.mu.Unlock()
}

// TryLock locks m if it is free, and reports whether it did.
func (m *Mutex) TryLock(rt *Runtime) bool {
	if rt == nil {
		return m.mu.TryLock()
	}
	if c := rt.ctl; c != nil {
		return c.tryLock(rt, m)
	}
	rt.disturb()
	return m.mu.TryLock()
}

//go:noinline
func (m *Mutex) lock(rt *Runtime) {
	if c := rt.ctl; c != nil {
		c.lock(rt, m)
		return
	}
	rt.disturb()
	m.mu.Lock()
}

//go:noinline
func (m *Mutex) unlock(rt *Runtime) {
	if c := rt.ctl; c != nil {
		c.unlock(rt, m)
		return
	}
	m.mu.Unlock()
	rt.disturb()
}

//go:norace
func (m *Mutex) object(rt *Runtime) schedule.Object {
	if m.ref.rt != rt {
		m.adopt()
	}
	return schedule.Object{Class: schedule.ClassMutex, Index: rt.ctl.number(&m.ref, rt, schedule.ClassMutex)}
}

// adopt makes the lock what it is to a run that first uses it: free if another run left it, and as it is if it was used
// outside of runs.
//
//go:norace
func (m *Mutex) adopt() {
	if m.ref.rt != nil {
		m.held = false
		m.mu = sync.Mutex{}
		return
	}
	if m.held = !m.mu.TryLock(); !m.held {
		m.mu.Unlock()
	}
}
