//go:build go1.26

package iter

import (
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// coroutine is a task of a run that goes on only while another, who resumed it, waits for it.
type coroutine struct {
	run    *task.Current
	object schedule.Object
	body   func()

	self, resumer sched.Task
	begun         bool
	edge          byte // orders, for the race detector, what comes after a turn after what came before it
}

// resume lets the coroutine go on until it yields or ends. It returns false if the run is over, or another.
//
//go:norace
func (co *coroutine) resume() bool {
	c := task.Find(nil)
	if c == nil || c != co.run {
		return false
	}
	co.resumer = c.Self()
	if !co.begun {
		co.begun = true
		co.object = c.NewObject(schedule.ClassCoroutine)
		if !c.Spawn(co.start, 2) {
			return false
		}
	} else if !co.wake(c, co.self) {
		return false
	}
	if !c.Park(schedule.OpWait, co.object) {
		return false
	}
	task.Acquire(unsafe.Pointer(&co.edge))
	return true
}

//go:norace
func (co *coroutine) start() {
	co.self = co.run.Self()
	defer co.end()
	co.body()
}

// end lets who resumed the coroutine go on for good.
//
//go:norace
func (co *coroutine) end() { co.wake(co.run, co.resumer) }

// yield lets who resumed the coroutine go on, and waits to be resumed.
//
//go:norace
func (co *coroutine) yield() {
	c := co.run
	if co.wake(c, co.resumer) && c.Rest(schedule.OpWait, co.object) {
		task.Acquire(unsafe.Pointer(&co.edge))
	}
}

//go:norace
func (co *coroutine) wake(c *task.Current, t sched.Task) bool {
	if !c.Step(schedule.OpSignal, co.object) {
		return false
	}
	task.Release(unsafe.Pointer(&co.edge))
	c.Wake(t, schedule.OpWake)
	return true
}
