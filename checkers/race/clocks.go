package race

import (
	"synchrony/models/schedule"
)

// clock is a vector clock: for each task, how far into it is known to have
// happened. Tasks beyond its length are at 0.
type clock []uint32

// join makes c know what o knows.
func (c *clock) join(o clock) {
	for len(*c) < len(o) {
		*c = append(*c, 0)
	}
	for i, v := range o {
		(*c)[i] = max((*c)[i], v)
	}
}

// order computes the happens-before order of steps, in their total order. The
// clock of a task counts its releases; an object's clock is what a task that
// acquires it comes to know. As in the Go memory model:
//
//   - starting a task, arming its timer or cancelling its context release the
//     object that the task's first step acquires;
//   - a mutex's Unlock, a group's Done and a task's End release it, Lock and Join acquire it;
//   - waiting on a condition releases the mutexes held (those it does not release
//     cannot be acquired by anybody before they are unlocked, so nothing is claimed
//     too much), and the Lock that ends the wait acquires the mutex and the condition,
//     which Signal and Broadcast release;
//   - an atomic load acquires what the store it sees released: the last one, or what
//     read-modify-writes have added to it since. A turn of busy-waiting is a load.
type order struct {
	tasks   []task
	objects []clock // by the object's number
}

type task struct {
	clock clock
	held  []int32 // the mutexes it holds
	woken int32   // the condition that it waits for, or -1
}

func newOrder(objects int) *order { return &order{objects: make([]clock, objects)} }

// task returns task t, whose clock starts at 1.
func (h *order) task(t int32) *task {
	for int(t) >= len(h.tasks) {
		c := make(clock, len(h.tasks)+1)
		c[len(h.tasks)] = 1
		h.tasks = append(h.tasks, task{clock: c, woken: -1})
	}
	return &h.tasks[t]
}

func (h *order) acquire(t int32, object int32) { h.tasks[t].clock.join(h.objects[object]) }

// release adds what t knows to an object's clock; t's later steps are not part of
// it.
func (h *order) release(t int32, object int32) {
	h.objects[object].join(h.tasks[t].clock)
	h.tasks[t].clock[t]++
}

// publish replaces an object's clock by what t knows.
func (h *order) publish(t int32, object int32) {
	h.objects[object] = append(h.objects[object][:0], h.tasks[t].clock...)
	h.tasks[t].clock[t]++
}

// step adds what s, on the object of that number, orders. Plain accesses order
// nothing.
func (h *order) step(s schedule.Step, object int32) {
	t, self := s.Task, h.task(s.Task)
	switch s.Op {
	case schedule.OpBegin, schedule.OpLoad, schedule.OpSpin, schedule.OpJoin:
		h.acquire(t, object)
	case schedule.OpSpawn, schedule.OpArm, schedule.OpDone, schedule.OpEnd, schedule.OpSignal, schedule.OpBroadcast:
		h.release(t, object)
	case schedule.OpStore:
		if s.Object.Class == schedule.ClassCancel { // the function it starts also knows who armed it
			h.release(t, object)
		} else {
			h.publish(t, object)
		}
	case schedule.OpRMW:
		h.acquire(t, object)
		h.release(t, object)
	case schedule.OpLock:
		h.acquire(t, object)
		if self.woken >= 0 {
			h.acquire(t, self.woken)
			self.woken = -1
		}
		self.held = append(self.held, object)
	case schedule.OpUnlock:
		h.release(t, object)
		self.drop(object)
	case schedule.OpWait:
		for _, mutex := range self.held {
			h.release(t, mutex)
		}
		self.woken = object
	}
}

// drop forgets that the task holds a mutex, which it may be listed to do twice: a
// wait does not drop it, and its wake locks it again.
func (t *task) drop(mutex int32) {
	held := t.held[:0]
	for _, m := range t.held {
		if m != mutex {
			held = append(held, m)
		}
	}
	t.held = held
}
