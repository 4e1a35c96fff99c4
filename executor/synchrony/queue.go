package synchrony

import (
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// queue is a list of ready transactions, first in, first out, linked through an
// array that all queues of a batch share: a transaction is in one at most.
type queue struct {
	mu         sched.Mutex
	head, tail int32
	// size is written under mu and may be read without: to see whether looking
	// further is worth it, and whether a worker may park.
	size atomic.Int32
	id   int32
	_    [64]byte // the next queue is another worker's
}

// push appends the list from first to last, of n transactions.
func (q *queue) push(rt *sched.Runtime, link []int32, first, last, n int32) {
	q.mu.Lock(rt)
	if size := q.size.Load(); size > 0 {
		link[q.tail] = first
	} else {
		q.head = first
	}
	q.tail = last
	rt.Yield(schedule.OpStore, queueObject(q.id))
	q.size.Add(n)
	q.mu.Unlock(rt)
}

// take moves up to len(out) transactions to out, though not more than half of them
// (rounded up), so that others find some. It returns how many, and how many are left.
func (q *queue) take(rt *sched.Runtime, link []int32, out []int32) (n, left int) {
	if q.len(rt) == 0 {
		return 0, 0
	}
	q.mu.Lock(rt)
	size := int(q.size.Load())
	n = min(len(out), (size+1)/2)
	for i := range n {
		out[i] = q.head
		q.head = link[q.head]
	}
	rt.Yield(schedule.OpStore, queueObject(q.id))
	q.size.Add(int32(-n))
	q.mu.Unlock(rt)
	return n, size - n
}

func (q *queue) len(rt *sched.Runtime) int {
	rt.Yield(schedule.OpLoad, queueObject(q.id))
	return int(q.size.Load())
}
