//go:build go1.26

package sync

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Cond is [sync.Cond].
type Cond struct {
	// L is held while observing or changing the condition.
	L Locker

	once sync.Once // makes real
	real *sync.Cond
	ref  task.Ref
	self atomic.Pointer[Cond] // where it was first used: a copy is not there

	// Controlled runs only.
	waiting []*condWaiter // first come, first woken
}

type condWaiter struct {
	task   sched.Task
	parked bool
	woken  bool
	edge   byte // orders it after what woke it, for the race detector
}

// NewCond is [sync.NewCond].
func NewCond(l Locker) *Cond { return &Cond{L: l} }

//go:norace
func (c *Cond) find() (*task.Current, schedule.Object) {
	if !c.self.CompareAndSwap(nil, c) && c.self.Load() != c {
		panic("sync.Cond is copied")
	}
	r := task.Find(unsafe.Pointer(c))
	if r == nil {
		c.once.Do(func() { c.real = sync.NewCond(c.L) })
		return nil, schedule.Object{}
	}
	o, left := c.ref.Enter(r, unsafe.Pointer(c), schedule.ClassCond)
	if left {
		c.waiting = nil
	}
	return r, o
}

// Wait is [sync.Cond.Wait].
//
//go:norace
func (c *Cond) Wait() {
	r, o := c.find()
	if r == nil {
		c.real.Wait()
		return
	}
	if !r.Step(schedule.OpWait, o) {
		return
	}
	w := &condWaiter{task: r.Self()}
	c.waiting = append(c.waiting, w)
	c.L.Unlock()
	w.wait(r, o)
	c.L.Lock()
}

// wait parks unless a signal came since the lock was given up.
//
//go:norace
func (w *condWaiter) wait(r *task.Current, o schedule.Object) {
	if !w.woken {
		w.parked = true
		if !r.Park(schedule.OpWait, o) {
			return
		}
	}
	task.Acquire(unsafe.Pointer(&w.edge))
}

// Signal is [sync.Cond.Signal].
//
//go:norace
func (c *Cond) Signal() {
	r, o := c.find()
	if r == nil {
		c.real.Signal()
		return
	}
	if r.Step(schedule.OpSignal, o) {
		c.wake(r, min(1, len(c.waiting)))
	}
}

// Broadcast is [sync.Cond.Broadcast].
//
//go:norace
func (c *Cond) Broadcast() {
	r, o := c.find()
	if r == nil {
		c.real.Broadcast()
		return
	}
	if r.Step(schedule.OpBroadcast, o) {
		c.wake(r, len(c.waiting))
	}
}

//go:norace
func (c *Cond) wake(r *task.Current, n int) {
	for _, w := range c.waiting[:n] {
		w.woken = true
		task.Release(unsafe.Pointer(&w.edge))
		if w.parked {
			r.Wake(w.task, schedule.OpWake)
		}
	}
	c.waiting = c.waiting[n:]
}
