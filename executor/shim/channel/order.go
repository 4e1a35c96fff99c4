//go:build go1.26

package channel

import (
	"unsafe"

	"synchrony/executor/shim/task"
)

// What a task passes to another that waits does not go through the channel's buffer as it does when nobody waits, so the
// detector of races must be told of the order that the buffer gives: the k-th receive from a channel of capacity C
// comes before the end of the k+C-th send (The Go Memory Model), and the n-th send before the n-th receive. Where a value is passed on by way of the
// buffer at once, or put there for a sender that waits, the channel orders the task that did so; what is left is
// to order the one that waited with a later one.

// order is the order still to be given.
type order struct {
	sent, received int // by tasks
	sends          []mark
	receives       []mark
}

// mark says that the send or receive of that number comes after the release of an edge.
type mark struct {
	number int
	edge   *byte
}

// nextSend counts a send.
//
//go:norace
func (o *order) nextSend() {
	if task.RaceDetector {
		o.sends = pass(o.sends, o.sent)
		o.sent++
	}
}

// nextReceive counts a receive.
//
//go:norace
func (o *order) nextReceive() {
	if task.RaceDetector {
		o.receives = pass(o.receives, o.received)
		o.received++
	}
}

// sendAfter orders the send that is n after the one last counted after the beginning of the wait of w.
//
//go:norace
func (o *order) sendAfter(w *waiter, n int) {
	if task.RaceDetector {
		o.sends = append(o.sends, mark{o.sent - 1 + n, &w.came})
	}
}

// receiveAfter orders the receive that is n after the one last counted after the beginning of the wait of w.
//
//go:norace
func (o *order) receiveAfter(w *waiter, n int) {
	if task.RaceDetector {
		o.receives = append(o.receives, mark{o.received - 1 + n, &w.came})
	}
}

// pass orders the caller after the marks of a number, and drops those and the ones before.
//
//go:norace
func pass(marks []mark, number int) []mark {
	rest := marks[:0]
	for _, m := range marks {
		if m.number == number {
			task.Acquire(unsafe.Pointer(m.edge))
		}
		if m.number > number {
			rest = append(rest, m)
		}
	}
	return rest
}
