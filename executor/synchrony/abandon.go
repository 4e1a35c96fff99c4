package synchrony

import (
	"sync/atomic"

	"synchrony/models/schedule"
)

// abandon lets go of the workers that are inside a transaction above first, which
// has failed: whatever they do, the batch's outcome is the same. They may never
// return; the batch goes on without them, and w finishes their nodes.
func (r *run) abandon(w *worker, first int32) {
	if !r.long {
		return
	}
	for _, other := range r.started() {
		r.rt.Yield(schedule.OpLoad, slotObject(other.id))
		slot := other.slot.Load()
		tx := slot - 1
		if slot < 0 {
			tx = -slot - 1
		}
		if slot == 0 || tx <= first {
			continue
		}
		r.rt.Yield(schedule.OpRMW, slotObject(other.id))
		if !other.slot.CompareAndSwap(slot, 0) {
			continue // it has just ended
		}
		r.mu.Lock(r.rt)
		r.abandoned++
		r.mu.Unlock(r.rt)
		var next int32
		if slot < 0 {
			w.done++
			next = r.countDown(tx)
		} else {
			next = w.complete(tx, skipped)
		}
		if next >= 0 {
			w.enqueue(next, next, 1)
		}
		w.takeOver(other)
	}
}

// takeOver puts back what an abandoned worker had in hand, and reports for it. It will not
// look at these again, and has not since it entered the transaction it is in, which is what
// its slot told. There are no prepares in its hand: where there are any, a hand holds one
// node at a time.
func (w *worker) takeOver(other *worker) {
	w.done += other.done
	w.ran += other.ran
	w.wide += other.wide
	for _, node := range other.hand[other.next:other.held] {
		w.enqueue(node, node, 1)
	}
}

// countDown takes one off the counter of tx. It returns tx if that was the last, or -1.
func (r *run) countDown(tx int32) int32 {
	r.rt.Yield(schedule.OpRMW, counterObject(tx))
	if atomic.AddInt32(&r.pending[tx], -1)&^poison != 0 {
		return -1
	}
	return tx
}
