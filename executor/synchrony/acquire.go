package synchrony

import (
	"runtime"

	"synchrony/models/schedule"
)

const (
	// maxChunk is how many transactions a worker takes in hand at once, where nobody
	// can steal them, and chunkTime how long they may take together, ns.
	maxChunk  = 32
	chunkTime = 20_000
	// blindChunk is the same for roots if nobody says how long they take.
	blindChunk = 4
	// spinRounds is how often an idle worker looks for work before it parks: some
	// ten microseconds, the cost of parking and of being woken.
	spinRounds = 300
	spinPause  = 60 // iterations of an empty loop
)

// acquire fills the worker's hand; it is false when there is nothing left to do.
func (w *worker) acquire() bool {
	for !w.retired {
		w.report()
		if p, _ := w.r.control.load(w.r.rt); p != running {
			return false
		}
		if w.take() || w.claim() {
			return true
		}
		if w.settle() || !w.spin() && !w.park() {
			return false
		}
	}
	return false
}

// claim takes a share of the unclaimed roots: fewer as they run out, so that all
// workers end together (guided self-scheduling: Polychronopoulos, Kuck, IEEE Trans.
// Computers 1987). How many there are is looked up before, and may be out of date: then
// the share is a little larger.
func (w *worker) claim() bool {
	if w.dry {
		return false
	}
	r, k := w.r, 1
	if r.chunk > 1 {
		r.rt.Yield(schedule.OpLoad, cursorObject)
		left := len(r.roots) - int(r.cursor.Load())
		k = max(1, min(r.chunk, left/(2*len(r.queues))))
	}
	r.rt.Yield(schedule.OpRMW, cursorObject)
	end := int(r.cursor.Add(int64(k)))
	w.dry = end >= len(r.roots)
	if end-k >= len(r.roots) {
		return false
	}
	w.next, w.held = 0, copy(w.hand[:], r.roots[end-k:min(end, len(r.roots))])
	return true
}

// take takes queued transactions: the worker's own first, then others'.
func (w *worker) take() bool {
	r := w.r
	for i := range r.queues {
		q := &r.queues[(int(w.id)+i)%len(r.queues)]
		n, left := q.take(r.rt, r.link, w.hand[:r.share])
		if n == 0 {
			continue
		}
		w.next, w.held = 0, n
		if left > 0 {
			r.signal()
		}
		return true
	}
	return false
}

// spin looks for work a little longer; it is true if there may be some. At most half
// of the processors spin, so that work that is there gets done.
func (w *worker) spin() bool {
	r := w.r
	// Under control, trying again is what parking does, in fewer steps. And who waits
	// for sleepers waits for long.
	if r.rt.Controlled() || r.blocking || r.estimate.sleeps {
		return false
	}
	if int(r.spins.Add(1)) > max(1, runtime.GOMAXPROCS(0)/2) {
		r.spins.Add(-1)
		return false
	}
	defer r.spins.Add(-1)
	for range spinRounds {
		if r.queued() {
			return true
		}
		if r.remains.Load() == 0 {
			return false
		}
		for range spinPause {
		}
	}
	return false
}

// park waits for work. It is false when there is nothing left to do; then the worker has
// departed.
func (w *worker) park() bool {
	r := w.r
	r.mu.Lock(r.rt)
	defer r.mu.Unlock(r.rt)
	r.rt.Yield(schedule.OpRMW, parkedObject)
	r.parked.Add(1)
	if !r.finished && !r.queued() {
		for r.tokens == 0 && !r.finished {
			r.wake.Wait(r.rt)
		}
		r.tokens = max(0, r.tokens-1)
	}
	r.rt.Yield(schedule.OpRMW, parkedObject)
	r.parked.Add(-1)
	if r.finished {
		w.depart()
	}
	return !r.finished
}
