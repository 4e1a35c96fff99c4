//go:build go1.26

package channel

import (
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// What follows is for timers, whose channels hold at most one time and look unbuffered: it is part of a step of the
// clock, or of a Stop or Reset, and none of its own.

// OfTimer says that steps on c are steps on a timer, which the clock's steps conflict with.
//
//go:norace
func OfTimer[T any](r *task.Current, c chan T, timer schedule.Object) {
	h := of(r, at(c))
	h.object, h.timer = timer, true
}

// Deliver sends if there is room or somebody waits.
//
//go:norace
func Deliver[T any](r *task.Current, c chan T, v T) { trySend(r, of(r, at(c)), c, &v) }

// Drain takes back what was not received.
//
//go:norace
func Drain[T any](c chan T) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Awaited reports whether a task waits to receive from c.
//
//go:norace
func Awaited[T any](r *task.Current, c chan T) bool { return of(r, at(c)).receivers.first(r) != nil }
