package race

import "synchrony/models/trace"

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
	tasks   []clock
	objects map[trace.Object]clock
	held    map[int32][]trace.Object // the mutexes held, by task
	woken   map[int32]trace.Object   // the condition waited for, by task
}

func newOrder() *order {
	return &order{objects: map[trace.Object]clock{}, held: map[int32][]trace.Object{}, woken: map[int32]trace.Object{}}
}

// task returns task t's clock, which starts at 1.
func (h *order) task(t int32) *clock {
	for int(t) >= len(h.tasks) {
		c := make(clock, len(h.tasks)+1)
		c[len(h.tasks)] = 1
		h.tasks = append(h.tasks, c)
	}
	return &h.tasks[t]
}

func (h *order) acquire(t int32, o trace.Object) { h.task(t).join(h.objects[o]) }

// release adds what t knows to o's clock; t's later steps are not part of it.
func (h *order) release(t int32, o trace.Object) {
	c := h.objects[o]
	c.join(*h.task(t))
	h.objects[o] = c
	h.tasks[t][t]++
}

// publish replaces o's clock by what t knows.
func (h *order) publish(t int32, o trace.Object) {
	h.objects[o] = append(h.objects[o][:0], *h.task(t)...)
	h.tasks[t][t]++
}

// step adds what s orders. Plain accesses order nothing.
func (h *order) step(s trace.Step) {
	t, o := s.Task, s.Object
	switch s.Op {
	case trace.OpBegin, trace.OpLoad, trace.OpSpin, trace.OpJoin:
		h.acquire(t, o)
	case trace.OpSpawn, trace.OpArm, trace.OpDone, trace.OpEnd, trace.OpSignal, trace.OpBroadcast:
		h.release(t, o)
	case trace.OpStore:
		if o.Class == trace.ClassCancel { // the function it starts also knows who armed it
			h.release(t, o)
		} else {
			h.publish(t, o)
		}
	case trace.OpRMW:
		h.acquire(t, o)
		h.release(t, o)
	case trace.OpLock:
		h.acquire(t, o)
		if cond, ok := h.woken[t]; ok {
			h.acquire(t, cond)
			delete(h.woken, t)
		}
		h.held[t] = append(h.held[t], o)
	case trace.OpUnlock:
		h.release(t, o)
		h.drop(t, o)
	case trace.OpWait:
		for _, m := range h.held[t] {
			h.release(t, m)
		}
		h.woken[t] = o
	}
}

// drop forgets that t holds m. A mutex may be held twice over: a wait does not
// drop it, and its wake locks it again.
func (h *order) drop(t int32, m trace.Object) {
	held := h.held[t][:0]
	for _, o := range h.held[t] {
		if o != m {
			held = append(held, o)
		}
	}
	h.held[t] = held
}
