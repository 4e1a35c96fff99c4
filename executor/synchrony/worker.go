package synchrony

import (
	"runtime/debug"
	"sync/atomic"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// worker executes transactions. Its fields are its own, but for slot and log.
type worker struct {
	r    *run
	id   int32
	home *queue

	hand    [maxChunk]int32 // nodes taken and not yet begun: hand[next:held]
	next    int
	held    int
	serial  int   // how far serial execution has come in the order
	current int32 // the transaction being executed
	user    bool  // inside code that is not ours

	preparing bool // current's prepare is what is being executed
	retired   bool // the batch was decided, or the worker abandoned
	abandoned bool

	// slot is the node that the worker is inside of, if that could take long: tx+1,
	// or -(tx+1) for its prepare. Whoever sets it back to 0 has the node: the worker,
	// to finish it, or somebody who abandons it.
	slot atomic.Int32

	buffers
	loaded *program // whose constants are in the registers
	view   view

	// Not yet reported: nodes finished; transactions executed; those in wide levels. Once the
	// worker is abandoned, these are for whoever abandoned it to report.
	done, ran, wide int

	ticks    int  // transactions until the next look at the clock
	dry      bool // it has seen that all roots are claimed
	departed bool // the caller does not wait for it any more

	timer   *sched.Timer  // of the current node's own timeout; nil if it has none
	entered time.Duration // when it began, if it has one

	log    *eventLog     // nil if there is no trace
	at     time.Duration // the time of the events that are being recorded
	sealed int           // how many of its events count, once the batch is over
}

// newWorker makes the next worker; the first is part of the run.
func newWorker(r *run) *worker {
	w, id := &r.first, int32(len(r.workers))
	if id > 0 {
		w = new(worker)
	}
	w.r, w.id, w.home = r, id, &r.queues[int(id)%len(r.queues)]
	if int(id) < len(r.sc.buffers) {
		w.buffers = r.sc.buffers[id]
	}
	w.view.w = w
	if r.opts.Trace || !r.opts.Uncertified {
		w.log = newEventLog(id)
	}
	return w
}

// outcome is what became of a node.
type outcome uint8

const (
	succeeded outcome = iota
	failed
	skipped // it did not run, because of a failure elsewhere
	lost    // the worker has retired; the node is not its business any more
)

// main is the worker's goroutine.
func (w *worker) main() {
	ended := false
	defer func() {
		// Neither: a panic of our own, or a controlled run that is being unwound.
		if ended {
			w.leave()
		} else if w.user {
			w.exited()
		}
	}()
	if w.r.serial {
		for !w.serialStretch() {
		}
		w.report()
		if !w.settle() { // not all have run
			w.finish()
		}
	} else {
		for !w.drain() {
		}
		for w.acquire() {
			for !w.drain() {
			}
		}
	}
	ended = true
}

// exited deals with foreign code that called runtime.Goexit, which has cost the
// worker its goroutine: it goes on with another.
func (w *worker) exited() {
	w.crashed("runtime.Goexit was called", "")
	if w.r.inline && w.id == 0 {
		w.leave() // the caller is going down with it
		return
	}
	w.r.rt.Go("worker", int(w.id), w.main)
}

// leave ends the worker.
func (w *worker) leave() {
	r := w.r
	if !w.abandoned {
		w.report()
		w.settle()
	}
	if !w.departed {
		r.mu.Lock(r.rt)
		w.depart()
		r.mu.Unlock(r.rt)
	}
	r.tasks.Done(r.rt)
}

// depart tells the caller not to wait for the worker, which has nothing left to do but
// to return. Holds mu.
func (w *worker) depart() {
	r := w.r
	w.departed = true
	r.live--
	if w.abandoned {
		r.abandoned--
	}
	if r.finished && r.live == r.abandoned {
		r.over.Broadcast(r.rt)
	}
}

// finish ends the work on the batch, and the worker's own: the others have nothing left
// to do either. It is one critical section, as is the end of a worker in park, because
// schedules that differ in the order of such sections are different ones.
func (w *worker) finish() {
	r := w.r
	r.mu.Lock(r.rt)
	r.finished = true
	r.wake.Broadcast(r.rt)
	w.depart()
	r.mu.Unlock(r.rt)
}

// drain executes what the worker has in hand. It is false if a transaction panicked;
// then there may be more. Recovering once for many transactions is what makes it
// cheap.
func (w *worker) drain() (ok bool) {
	defer w.recover()
	for w.next < w.held && !w.retired {
		node := w.hand[w.next]
		w.next++
		if node < 0 {
			node = w.prepare(^node)
		}
		for node >= 0 {
			node = w.complete(node, w.transact(node))
		}
	}
	return true
}

// serialStretch executes everything in order; it is false if a transaction
// panicked, and then there may be more.
func (w *worker) serialStretch() (ok bool) {
	defer w.recover()
	r := w.r
	for w.serial < r.sc.graph.n && !w.retired {
		tx := int32(w.serial)
		if r.order != nil {
			tx = r.order[w.serial]
		}
		w.serial++
		if r.batch.Transactions[tx].Prepare != nil && r.prepared[tx] == nil {
			w.prepare(tx)
		}
		o := w.transact(tx)
		w.complete(tx, o)
		if o != succeeded && !r.sc.graph.backward {
			return true // all lower indices have run
		}
	}
	return true
}

// recover is deferred where foreign code may run. A panic of our own is not
// recovered: nothing could be trusted after it.
func (w *worker) recover() {
	if !w.user {
		return
	}
	if v := recover(); v != nil {
		w.crashed(v, string(debug.Stack()))
	}
}

// crashed fails the current node, whose code did not return.
func (w *worker) crashed(value any, stack string) {
	w.user = false
	node := w.current
	f := w.r.batch.PanicFailure(int(node), value, stack)
	var next int32
	if w.preparing {
		next = w.prepared(f)
		if w.r.serial {
			w.serial-- // its turn is still to come
		}
	} else {
		if w.view.denied != nil {
			f = w.view.denied
		}
		next = w.complete(node, w.conclude(f))
	}
	if next >= 0 { // back into the place that was just taken from
		w.next--
		w.hand[w.next] = next
	}
}

// complete counts a finished transaction off its successors. It returns the one to
// go on with, the oldest that became ready, or -1; the others go to the queue.
func (w *worker) complete(tx int32, o outcome) int32 {
	if o == lost {
		return -1
	}
	w.done++
	r := w.r
	if o != succeeded {
		w.poison(tx)
	}
	if r.serial || len(r.sc.graph.succs) == 0 {
		return -1
	}
	var next, first, last, n int32 = -1, -1, -1, 0
	for _, s := range r.sc.graph.successors(tx) {
		if r.countDown(s) < 0 {
			continue
		}
		switch {
		case next < 0:
			next = s
		case n == 0:
			first, last, n = s, s, 1
		default:
			r.link[last] = s
			last = s
			n++
		}
	}
	if n > 0 {
		w.enqueue(first, last, n)
	}
	return next
}

// enqueue makes a linked list of ready transactions available to all workers.
func (w *worker) enqueue(first, last, n int32) {
	w.home.push(w.r.rt, w.r.link, first, last, n)
	w.r.signal()
}

// report adds what the worker has executed to the tally.
func (w *worker) report() {
	r := w.r
	if w.ran == 0 {
		return
	}
	if !r.mixed && r.sc.graph.width[0] > 1 {
		w.wide = w.ran
	}
	r.rt.Yield(schedule.OpAdd, tallyObject)
	r.tally.Add(int64(w.wide)<<32 | int64(w.ran))
	w.ran, w.wide = 0, 0
}

// settle counts off what the worker has finished. The last one to do so ends the batch,
// and is told so. Nobody needs to know before that, so it is done where a worker finds
// nothing more to do.
func (w *worker) settle() (last bool) {
	r := w.r
	if w.done == 0 {
		return false
	}
	r.rt.Yield(schedule.OpRMW, remainsObject)
	left := r.remains.Add(int64(-w.done))
	w.done = 0
	if left == 0 {
		w.finish()
	}
	return left == 0
}

// poison keeps the successors of a transaction that did not succeed from running.
func (w *worker) poison(tx int32) {
	r := w.r
	if !r.sc.graph.backward {
		return
	}
	for _, s := range r.sc.graph.successors(tx) {
		r.rt.Yield(schedule.OpRMW, counterObject(s))
		atomic.OrInt32(&r.pending[s], poison)
	}
}
