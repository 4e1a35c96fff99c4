package synchrony

import (
	"context"
	"sync/atomic"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// run is the execution of one batch. Its nodes are the transactions and, apart from
// them, their prepares.
type run struct {
	rt     *sched.Runtime
	caller context.Context
	ctx    context.Context // for prepares; ends with the batch
	store  *Store
	batch  *batch.Batch
	opts   Options
	began  time.Duration // on the runtime's clock

	sc             *scratch
	order          []int32 // a topological order; nil is submission order
	estimate       estimate
	serial         bool
	blocking       bool
	inline         bool               // the caller's goroutine is worker 0
	long           bool               // a transaction may take long, or has a limit: slots are used
	watch          bool               // the workers look at the clock
	mixed          bool               // some levels are wide, and some are not
	initial, final *vector            // the store's, before and after
	events         []trace.Event      // once the batch is over
	closed         bool               // they are there
	admitted       bool               // the store is ours
	accesses       *accessRecord      // what the certificate is about
	certificate    *trace.Certificate // nil if there is none

	stopLimit, stopWatch func()
	cancelPrepares       func()
	limit                time.Duration // of the batch; 0 is none
	inject               map[int32]bool
	prepared             []*batch.Failure // by transaction: what its prepare came to; ordered by its counter

	control control
	pending []int32 // sc's, as the next three: unfinished predecessors; see poison
	link    []int32
	roots   []int32 // nodes without predecessors; a negative one is the prepare of ^node
	cells   []cell
	queues  []queue
	chunk   int // the most roots that a worker claims at once
	share   int // the most queued transactions that it takes at once

	cursor  atomic.Int64 // roots claimed; it goes on growing when there are no more
	remains atomic.Int64 // nodes that were not reported finished; see settle
	tally   atomic.Int64 // transactions executed, and those in wide levels; see report
	parked  atomic.Int32 // workers that look for a reason to wait, or wait
	spins   atomic.Int32 // workers that spin; a hint only

	// mu guards what follows.
	mu        sched.Mutex
	wake      sched.Cond       // a parked worker may have work
	over      sched.Cond       // the caller has a reason to look
	tokens    int              // parked workers that were woken and have not noticed
	finished  bool             // every node has finished, or the batch was decided
	live      int              // workers that have not departed
	abandoned int              // of those, the ones inside a transaction that no longer matters
	failures  []*batch.Failure // of transactions, in the order of their discovery
	workers   []*worker        // started; grows in blocking mode

	tasks sched.WaitGroup // everything that was started

	// What a run of one worker needs, made in one piece with it.
	first  worker
	alone  [1]*worker
	single [1]queue
}

// poison, in a counter of unfinished predecessors, says that a predecessor failed or
// did not run. It is used only if some after clause names a later transaction;
// otherwise failures stop all higher indices, and so all descendants.
const poison = 1 << 30

// setUp makes the counters and the roots.
func (r *run) setUp() {
	sc, g := r.sc, &r.sc.graph
	sc.link = resize(sc.link, g.n)
	if r.estimate.prepares > 0 {
		r.prepared = make([]*batch.Failure, g.n)
		r.ctx, r.cancelPrepares = r.rt.WithCancel(r.caller)
		r.addPrepares()
	}
	r.pending, r.link, r.roots = sc.pending, sc.link, sc.roots
	r.remains.Store(int64(g.n + r.estimate.prepares))
	r.chunk, r.share = 1, 1
	if !r.blocking {
		r.chunk, r.share = r.estimate.chunks()
	}
}

// addPrepares puts the prepares before everything else, and makes their
// transactions wait for them.
func (r *run) addPrepares() {
	sc := r.sc
	sc.roots = sc.roots[:0]
	for j := range int32(r.sc.graph.n) {
		if r.batch.Transactions[j].Prepare != nil {
			sc.roots = append(sc.roots, ^j)
			sc.pending[j]++
		}
	}
	for j, n := range sc.pending {
		if n == 0 {
			sc.roots = append(sc.roots, int32(j))
		}
	}
}

// copyCells makes the private copy of the balances that the batch works on.
func (r *run) copyCells() {
	balances := r.initial.balances
	r.sc.cells = resize(r.sc.cells, len(balances))
	r.cells = r.sc.cells
	for a, v := range balances {
		r.cells[a] = cell{value: v, version: history.InitialVersion}
	}
}

// runAll runs the transactions, and returns when all have finished or the batch's
// fate is decided, and no worker is left that could still return in bounded time.
func (r *run) runAll() {
	r.mu.Lock(r.rt)
	r.finished = r.finished || len(r.roots) == 0 // nobody will finish an empty batch
	r.startWorkers()
	if r.inline {
		r.mu.Unlock(r.rt)
		r.workers[0].main()
		r.mu.Lock(r.rt)
	}
	for !r.quiet() {
		r.over.Wait(r.rt)
	}
	r.mu.Unlock(r.rt)
}

// quiet reports whether there is nothing to wait for. Holds mu.
func (r *run) quiet() bool {
	if p, _ := r.control.load(r.rt); p == expired || p == cancelled {
		return true
	}
	return r.finished && r.live == r.abandoned
}

// startWorkers starts the pool; in blocking mode, a worker for each root. Holds mu.
func (r *run) startWorkers() {
	n, queues := 1, 1
	switch {
	case r.blocking:
		n = max(1, min(r.poolSize(), len(r.roots)))
	case !r.serial:
		n = r.poolSize()
		queues = n
	}
	// Larger shares come to nothing anyway: see claim.
	r.chunk = max(1, min(r.chunk, len(r.roots)/(2*queues)))
	r.queues = r.single[:]
	if queues > 1 {
		r.queues = make([]queue, queues)
	}
	for q := range r.queues {
		r.queues[q].id = int32(q)
	}
	r.workers = r.alone[:0]
	if n > 1 {
		r.workers = make([]*worker, 0, n)
	}
	for range n {
		r.startWorker()
	}
}

// startWorker starts one more worker. Holds mu.
func (r *run) startWorker() {
	w := newWorker(r)
	r.workers = append(r.workers, w)
	r.live++
	r.tasks.Add(r.rt, 1)
	if r.inline && w.id == 0 {
		return
	}
	r.rt.Go("worker", int(w.id), w.main)
}

// poolSize is how many workers can be of use. No more transactions can be ready at
// once than there are, less all but one of those on the longest chain.
func (r *run) poolSize() int {
	most := r.opts.Workers
	if r.blocking {
		most = r.opts.Limit
	}
	return max(1, min(most, r.sc.graph.n-len(r.sc.graph.width)+1+r.estimate.prepares))
}

// started are the workers that exist by now.
func (r *run) started() []*worker {
	r.mu.Lock(r.rt)
	defer r.mu.Unlock(r.rt)
	return r.workers
}

// signal makes sure that somebody looks for the work that the caller has just made
// visible. The store of the work and the load of parked here, against the store of
// parked and the look for work in park, are what excludes a lost wake-up.
func (r *run) signal() {
	r.rt.Yield(schedule.OpLoad, parkedObject)
	parked := r.parked.Load() > 0
	if !parked && !r.blocking {
		return
	}
	r.mu.Lock(r.rt)
	switch {
	case parked && int(r.parked.Load()) > r.tokens:
		r.tokens++
		r.wake.Signal(r.rt)
	case r.blocking && !r.finished && len(r.workers) < r.poolSize():
		r.startWorker()
	}
	r.mu.Unlock(r.rt)
}

// queued reports whether there is a transaction to be taken from a queue.
func (r *run) queued() bool {
	for q := range r.queues {
		if r.queues[q].len(r.rt) > 0 {
			return true
		}
	}
	return false
}

// fail makes f the batch's failure if it is the first by index, and then lets go
// of whoever is inside a transaction that is of no consequence any more.
func (r *run) fail(w *worker, f *batch.Failure) {
	r.mu.Lock(r.rt)
	r.failures = append(r.failures, f)
	r.mu.Unlock(r.rt)
	if r.control.fail(r.rt, int32(f.Tx)) && !r.sc.graph.backward {
		r.abandon(w, int32(f.Tx))
	}
}

// firstFailure is the failure of the first failed transaction.
func (r *run) firstFailure() *batch.Failure {
	r.mu.Lock(r.rt)
	defer r.mu.Unlock(r.rt)
	var first *batch.Failure
	for _, f := range r.failures {
		if first == nil || f.Tx < first.Tx {
			first = f
		}
	}
	return first
}
