//go:build go1.26

package channel

import (
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Recv is the expression <-c.
//
//go:norace
func Recv[T any](c <-chan T) T {
	v, _ := Recv2(c)
	return v
}

// Recv2 is the expression <-c with two results: ok is false if c is closed and empty.
//
//go:norace
func Recv2[T any](from <-chan T) (v T, ok bool) {
	c := receiver(from)
	r := task.Find(at(c))
	if r == nil {
		v, ok = <-c
		return v, ok
	}
	if c == nil {
		never(r, schedule.OpRecv)
		return v, false
	}
	h := of(r, at(c))
	if !r.Step(schedule.OpRecv, h.object) {
		return v, false
	}
	if v, ok, done := tryReceive(r, h, c); done {
		return v, ok
	}
	slot := new(T)
	w := begin(r)
	h.receivers.push(waiter{w, unsafe.Pointer(slot), 0})
	if !w.wait(r, schedule.OpRecv, h.object) {
		return v, false
	}
	arrived(w, c)
	return *slot, w.ok
}

// arrived orders a receive that waited after the close that ended it.
//
//go:norace
func arrived[T any](w *waiting, c chan T) {
	if task.RaceDetector && !w.ok && closed(at(c)) && len(c) == 0 {
		<-c
	}
}

// tryReceive receives if there is something to receive, or c is closed.
//
//go:norace
func tryReceive[T any](r *task.Current, h *state, c chan T) (v T, ok, done bool) {
	w := h.senders.first(r)
	switch {
	case w == nil:
		select {
		case v, ok = <-c: // from the buffer, or from an uncontrolled goroutine, or it is closed
			if ok {
				h.nextReceive()
			}
			return v, ok, true
		default:
			return v, false, false
		}
	case cap(c) > 0: // the buffer is full: there is room now for the value of who waits
		v = <-c
		h.nextReceive()
		h.nextSend()
		c <- *(*T)(w.slot)
		h.receiveAfter(w, cap(c))
	default:
		task.Acquire(unsafe.Pointer(&w.came))
		task.Reads(unsafe.Pointer(&(*header)(at(c)).buffer))
		v = *(*T)(w.slot)
	}
	w.letGo(r)
	return v, true, true
}

// canReceive reports whether tryReceive would receive.
//
//go:norace
func canReceive[T any](r *task.Current, h *state, c chan T) bool {
	return len(c) > 0 || closed(at(c)) || h.senders.first(r) != nil
}
