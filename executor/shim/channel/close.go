//go:build go1.26

package channel

import (
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Close is close(c).
//
//go:norace
func Close[T any](to chan<- T) {
	c := sender(to)
	r := task.Find(at(c))
	if r == nil || c == nil {
		close(c)
		return
	}
	h := of(r, at(c))
	if !r.Step(schedule.OpClose, h.object) {
		return
	}
	close(c)
	for w := h.receivers.first(r); w != nil; w = h.receivers.first(r) {
		w.letGo(r)
	}
	for w := h.senders.first(r); w != nil; w = h.senders.first(r) {
		w.void = true
		w.letGo(r)
	}
}

// Len is len(c), a yield point.
//
//go:norace
func Len[T any](from <-chan T) int {
	c := receiver(from)
	if c != nil {
		if r := task.Find(at(c)); r != nil {
			h := of(r, at(c))
			if r.Step(schedule.OpLoad, h.object); h.timer {
				return 0
			}
		}
	}
	return len(c)
}

// Cap is cap(c).
//
//go:norace
func Cap[T any](from <-chan T) int {
	c := receiver(from)
	if c != nil {
		if r := task.Find(nil); r != nil && of(r, at(c)).timer {
			return 0
		}
	}
	return cap(c)
}
