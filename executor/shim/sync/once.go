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

// Once is [sync.Once]. What it did in one run is done in the next, too, as is what it set up: see
// package task on objects that outlive a run.
type Once struct {
	done atomic.Bool
	real sync.Once
	ref  task.Ref

	// Controlled runs only.
	running bool
	waiting []sched.Task
}

// Do is [sync.Once.Do].
//
//go:norace
func (o *Once) Do(f func()) {
	c := task.Find(unsafe.Pointer(o))
	if c == nil {
		o.doNatively(f)
		return
	}
	object, left := o.ref.Enter(c, unsafe.Pointer(o), schedule.ClassOnce)
	if left {
		o.running, o.waiting = false, nil
	}
	op := schedule.OpLock
	if o.done.Load() { // for good: such a call only reads it, and two of them commute
		op = schedule.OpLoad
	}
	if !c.Step(op, object) {
		return
	}
	for o.running {
		o.waiting = append(o.waiting, c.Self())
		if !c.Park(schedule.OpJoin, object) {
			return
		}
	}
	if o.ended() {
		return
	}
	o.running = true
	defer o.finish(c, object)
	f()
}

// finish is reached when f returned or panicked, or ended its goroutine.
//
//go:norace
func (o *Once) finish(c *task.Current, object schedule.Object) {
	if !c.Step(schedule.OpUnlock, object) {
		return // f was ended with the run
	}
	task.Release(unsafe.Pointer(&o.done))
	o.done.Store(true)
	o.running = false
	for _, t := range o.waiting {
		c.Wake(t, schedule.OpJoin)
	}
	o.waiting = nil
}

// ended reports whether f has ended, and then orders the caller after that. The race detector is told, for it does not see what this
// package does, atomics included.
//
//go:norace
func (o *Once) ended() bool {
	if !o.done.Load() {
		return false
	}
	task.Acquire(unsafe.Pointer(&o.done))
	return true
}

func (o *Once) doNatively(f func()) {
	if o.ended() {
		return
	}
	o.real.Do(func() {
		if !o.ended() {
			defer func() {
				task.Release(unsafe.Pointer(&o.done))
				o.done.Store(true)
			}()
			f()
		}
	})
}
