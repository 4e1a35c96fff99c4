package synchrony

import (
	"math/big"

	"synchrony/models/batch"
)

// gate is a stage of the pipeline that a batch passes. An error is a no: the
// accounts stay untouched, and it is what the caller gets.
type gate struct {
	name string
	pass func(*run) error
}

// gates lists the pipeline. What must be known before a commit goes before it.
func gates() [9]gate {
	return [...]gate{
		{"analyze", (*run).analyze},
		{"conflicts", (*run).refuseCycle},
		{"plan", (*run).plan},
		{"admit", (*run).admit},
		{"execute", (*run).runTransactions},
		{"certify", (*run).certify},
		{"conservation", (*run).conserves},
		{"attestations", (*run).checkAttestations},
		{"commit", (*run).commit},
	}
}

// passGates takes the batch through the pipeline.
func (r *run) passGates() error {
	for _, g := range gates() {
		if err := g.pass(r); err != nil {
			return err
		}
	}
	return nil
}

// analyze makes the dependency graph.
func (r *run) analyze() error {
	r.sc.analyze(r.batch)
	return nil
}

// refuseCycle finds an order, or says what stands against it.
func (r *run) refuseCycle() error {
	order, acyclic := r.sc.graph.order()
	if !acyclic {
		return findCycle(r.batch, &r.sc.graph)
	}
	r.order = order
	return nil
}

// plan compiles the calls, estimates the costs, and chooses how to execute.
func (r *run) plan() error {
	workers := r.opts.Workers
	if r.blocking {
		workers = r.opts.Limit
	}
	r.sc.compileCalls(r.batch)
	r.estimate = r.sc.measure(r.batch, r.order, workers)
	r.serial = r.opts.Mode == batch.Serial || r.opts.Mode == batch.Auto && !r.estimate.worthwhile()

	limited := r.opts.TransactionTimeout > 0
	interruptible := limited || r.opts.Timeout != batch.NoTimeout || r.caller.Done() != nil
	r.long = !r.estimate.bounded || limited
	// The caller's goroutine must be able to return when the batch is over, so it
	// executes only what surely ends soon, or what it could not leave anyway.
	r.inline = !r.blocking && (!r.long || r.serial && !interruptible)
	r.mixed = mixed(r.sc.graph.width)
	r.setUp()
	r.stopLimit = r.setLimit(r.opts.Timeout)
	r.stopWatch = r.watchCaller()
	r.checkLimit()
	r.checkCaller()
	return nil
}

// admit waits for the store, and copies its balances.
func (r *run) admit() error {
	if !r.store.acquire(r.rt, &r.control) {
		return r.interrupted()
	}
	r.admitted = true
	r.initial = r.store.load(r.rt)
	r.final = r.initial
	r.copyCells()
	return nil
}

// runTransactions executes the batch on the private copy.
func (r *run) runTransactions() error {
	r.runAll()
	p, first := r.control.load(r.rt)
	if p != running || first != r.control.none && !r.control.end(r.rt, aborted, first) {
		return r.interrupted()
	}
	if first != r.control.none {
		return r.firstFailure()
	}
	return nil
}

// conserves checks that the balances of the batch add up to what they were.
func (r *run) conserves() error {
	var hi, lo uint64
	for a, old := range r.initial.balances {
		hi, lo = addWide(hi, lo, r.cells[a].value)
		hi, lo = subWide(hi, lo, old)
	}
	if hi|lo == 0 {
		return nil
	}
	r.control.end(r.rt, aborted, r.control.none)
	before, after := new(big.Int), new(big.Int)
	for a, old := range r.initial.balances {
		before.Add(before, big.NewInt(old))
		after.Add(after, big.NewInt(r.cells[a].value))
	}
	return &ConservationError{Before: before, After: after}
}

// commit publishes the batch, unless it has expired or been cancelled: one step
// decides.
func (r *run) commit() error {
	r.checkLimit()
	r.checkCaller()
	if !r.store.publish(r.rt, r.cells, func() bool { return r.control.end(r.rt, committed, r.control.none) }) {
		return r.interrupted()
	}
	r.final = r.store.load(r.rt)
	return nil
}

// interrupted is the error of a batch that expired or was cancelled.
func (r *run) interrupted() error {
	r.closeTrace()
	done := r.completed()
	pending := r.sc.graph.n - done
	fate, tx := r.control.load(r.rt)
	if fate == cancelled {
		return &CanceledError{Completed: done, Pending: pending, Cause: r.caller.Err()}
	}
	e := &TimeoutError{Completed: done, Pending: pending, Limit: r.limit}
	if tx != r.control.none {
		e.Limit, e.Transaction = r.opts.TransactionTimeout, r.batch.Transactions[tx].ID
	}
	return e
}
