package vm

import (
	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// barrier is where the workers of a fork meet. It works in rounds, and is broken for good as soon as some
// worker has left, which can't reach the current round any more. A worker that comes to it with another id than
// those who wait fails, is not counted, and so leaves: until then nobody passes.
//
// Invariant: a worker that waits in a round leaves it passing if the round has
// advanced, whatever happens afterwards.
type barrier struct {
	mu      sched.Mutex
	change  sched.Cond
	n       int
	arrived int
	round   int
	id      int32
	latest  int64 // virtual time of the last worker to arrive
	passed  int64 // in the last round that was passed
	broken  bool
}

func (b *barrier) init(n int) {
	b.n = n
	b.change.L = &b.mu
}

// await waits until all have arrived, and returns the time at which they pass; false if they never will.
func (b *barrier) await(rt *sched.Runtime, fork, id int32, now int64) (passed bool, at int64) {
	rt.Yield(schedule.OpRMW, schedule.Object{Class: schedule.ClassBarrier, Index: fork})
	b.mu.Lock(rt)
	defer b.mu.Unlock(rt)
	if b.broken || b.arrived > 0 && id != b.id {
		return false, 0
	}
	b.id, b.latest = id, max(b.latest, now)
	if b.arrived++; b.arrived == b.n {
		b.passed, b.arrived = b.latest, 0
		b.round++
		b.change.Broadcast(rt)
		return true, b.passed
	}
	for round := b.round; b.round == round; {
		if b.broken {
			return false, 0
		}
		b.change.Wait(rt)
	}
	return true, b.passed
}

// leave says that a worker has ended: whoever waits, waits in vain.
func (b *barrier) leave(rt *sched.Runtime) {
	b.mu.Lock(rt)
	b.broken = true
	b.change.Broadcast(rt)
	b.mu.Unlock(rt)
}
