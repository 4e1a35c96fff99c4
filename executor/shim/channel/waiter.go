//go:build go1.26

package channel

import (
	"unsafe"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// waiting is a task that waits for one of some sends and receives.
type waiting struct {
	task sched.Task
	done bool // one of them was completed
	at   int  // which
	ok   bool // a receive got a value that was sent
	void bool // a send's channel was closed
	many bool // at several channels

	// For the race detector: came is released when the task begins to wait, went when it is let go.
	came, went byte
}

// waiter is one of the sends and receives that a task waits for, in the queue of its channel.
type waiter struct {
	*waiting
	slot unsafe.Pointer // of the value
	as   int            // its place among them
}

// queue is who waits at a channel, first come first. Of those that a select has given up some may be left.
type queue struct {
	list []waiter
	from int
}

//go:norace
func (q *queue) push(w waiter) {
	if q.from > 0 && q.from == len(q.list) {
		q.list, q.from = q.list[:0], 0
	}
	q.list = append(q.list, w)
}

// first returns the first who still waits, or nil.
//
//go:norace
func (q *queue) first(r *task.Current) *waiter {
	for ; q.from < len(q.list); q.from++ {
		w := &q.list[q.from]
		if w.many {
			r.Touch(w.task)
		}
		if !w.done {
			return w
		}
		q.list[q.from] = waiter{}
	}
	q.list, q.from = q.list[:0], 0
	return nil
}

// letGo lets the waiting task go on: its waiter was completed.
//
//go:norace
func (w *waiter) letGo(r *task.Current) {
	w.done, w.at = true, w.as
	task.Release(unsafe.Pointer(&w.went))
	r.Wake(w.task, schedule.OpWake)
}

// wait is called by a task that has queued itself; false if the run ended instead.
//
//go:norace
func (w *waiting) wait(r *task.Current, op schedule.Op, o schedule.Object, more ...schedule.Object) bool {
	if !r.Park(op, o, more...) {
		return false
	}
	task.Acquire(unsafe.Pointer(&w.went))
	return true
}

//go:norace
func begin(r *task.Current) *waiting {
	w := &waiting{task: r.Self()}
	task.Release(unsafe.Pointer(&w.came))
	return w
}
