//go:build go1.26

package channel

import (
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Sender sends on a channel. See [To].
type Sender[T any] struct{ c chan<- T }

// To is for sends on c: a value that is sent by a method is converted to the channel's element type as in a send
// statement.
//
//go:norace
func To[T any](c chan<- T) Sender[T] { return Sender[T]{c} }

// Send is the statement c <- v.
//
//go:norace
func (s Sender[T]) Send(v T) {
	c := sender(s.c)
	r := task.Find(at(c))
	if r == nil {
		s.c <- v
		return
	}
	if c == nil {
		never(r, schedule.OpSend)
		return
	}
	h := of(r, at(c))
	if !r.Step(schedule.OpSend, h.object) || trySend(r, h, c, &v) {
		return
	}
	w := begin(r)
	h.senders.push(waiter{w, unsafe.Pointer(&v), 0})
	if w.wait(r, schedule.OpSend, h.object) && w.void {
		s.c <- v // panics
	}
}

// never waits for ever.
//
//go:norace
func never(r *task.Current, op schedule.Op) {
	if r.Step(op, noChannel) {
		r.Park(op, noChannel)
	}
}

// trySend sends if somebody waits for that or there is room; it panics if c is closed.
//
//go:norace
func trySend[T any](r *task.Current, h *state, c chan T, v *T) bool {
	w := h.receivers.first(r)
	if w == nil {
		select {
		case c <- *v: // into the buffer, or to an uncontrolled goroutine
			h.nextSend()
			return true
		default:
			return false
		}
	}
	h.nextSend()
	if cap(c) > 0 {
		// The buffer is empty. The value passes through it, so that to the race detector it
		// took a place.
		c <- *v
		<-c
		h.sendAfter(w, cap(c))
		h.nextReceive()
	} else {
		task.Reads(unsafe.Pointer(&(*header)(at(c)).buffer)) // races with close, as a send does
		task.Acquire(unsafe.Pointer(&w.came))
	}
	if w.slot != nil {
		*(*T)(w.slot) = *v
	}
	w.ok = true
	w.letGo(r)
	return true
}

// canSend reports whether trySend would send, or panic.
//
//go:norace
func canSend[T any](r *task.Current, h *state, c chan T) bool {
	return len(c) < cap(c) || closed(at(c)) || h.receivers.first(r) != nil
}
