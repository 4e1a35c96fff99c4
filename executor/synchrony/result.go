package synchrony

import (
	"slices"
	"time"

	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// Result is what an execution came to. What is expensive to know, and not needed to
// execute, is computed by its methods, each time anew, from the batch: which must
// not have been changed.
type Result struct {
	Committed bool
	Err       error // why not; as Execute returned it
	// Executed is how many transactions ran to their end, successfully or not, and
	// Parallel how many of those were in a group of two or more; of a serial run, 0.
	// Which ones run when the batch fails depends on the schedule.
	Executed, Parallel int
	Workers            int           // the workers started
	Serial             bool          // executed one after another
	Levels             int           // groups
	AverageParallelism float64       // estimated work divided by estimated critical path
	SerialEstimate     time.Duration // what the plan expected of a serial run
	Limit              time.Duration // the batch timeout that was in force; 0 is none
	Elapsed            time.Duration
	Events             []trace.Event // by time; nil if not traced
	// Certificate is how it is known that the batch is serializable, but for the accesses,
	// which CertifiedAccesses lists. It is nil unless the batch was committed, and asked for.
	Certificate *trace.Certificate
	// Counterexample is why the batch was refused. It is nil if it was committed, or time ended it.
	Counterexample *trace.Counterexample
	// Speedup is how many times faster than a serial run this was. It is nil unless a
	// serial run was measured, which Execute does not do.
	Speedup *float64

	batch    *batch.Batch
	final    *vector
	mode     batch.Mode
	estimate estimate

	accesses *accessRecord
}

// Why says in a sentence why the batch ran serially or in parallel; empty if it
// was refused before that was decided.
func (r *Result) Why() string {
	if r.estimate.workers == 0 {
		return ""
	}
	return r.estimate.why(r.mode, r.Serial)
}

func (r *run) result(err error) *Result {
	res := &Result{
		Committed: err == nil, Err: err, Serial: r.serial, Limit: r.limit,
		Workers: len(r.started()), Levels: len(r.sc.graph.width),
		AverageParallelism: r.estimate.parallelism(),
		SerialEstimate:     time.Duration(r.estimate.work),
		Events:             r.events, Elapsed: r.rt.Stamp() - r.began,
		batch: r.batch, final: r.final, mode: r.opts.Mode, estimate: r.estimate,
	}
	if res.Counterexample = r.counterexample(err); err == nil {
		res.Certificate, res.accesses = r.certificate, r.accesses
	}
	if r.final == nil { // refused before it was admitted
		res.final = r.store.load(r.rt)
	}
	res.Executed, res.Parallel = r.executed()
	if r.serial {
		res.Parallel = 0
	}
	return res
}

// executed counts the transactions that ran to their end, and those of them in wide
// levels.
func (r *run) executed() (all, wide int) {
	r.rt.Yield(schedule.OpLoad, tallyObject)
	tally := r.tally.Load()
	if !r.closed {
		return int(uint32(tally)), int(tally >> 32)
	}
	count := func(tx int32) {
		all++
		if r.inWideLevel(tx) {
			wide++
		}
	}
	for _, e := range r.events {
		if e.Kind == trace.Commit {
			count(e.Tx)
		}
	}
	r.mu.Lock(r.rt)
	defer r.mu.Unlock(r.rt)
	for _, f := range r.failures {
		count(int32(f.Tx))
	}
	return all, wide
}

// Balances are the accounts' balances after the batch, by AccountID: those it
// committed, or those it left as they were.
func (r *Result) Balances() []int64 { return slices.Clone(r.final.balances) }

// Groups are the plan's levels: the transactions of each, ascending. A transaction's
// level is the length of the longest chain of dependencies before it. It is nil for
// a batch with a cycle.
func (r *Result) Groups() [][]int32 {
	sc := new(scratch)
	sc.analyze(r.batch)
	order, acyclic := sc.graph.order()
	if !acyclic {
		return nil
	}
	sc.measure(r.batch, order, 1)
	return sc.graph.groups()
}

// Edges are the dependencies that the plan enforces, with the reasons for each: a
// subset of the conflicts that implies them all, and the after clauses.
func (r *Result) Edges() []trace.Dependency {
	sc := new(scratch)
	sc.analyze(r.batch)
	return sc.graph.edges(r.batch)
}

// Conflicts is the conflict report: every pair of transactions that share an account
// which one of them writes, by From and To. An account that n transactions share
// can have n(n-1)/2 such pairs.
func (r *Result) Conflicts() []trace.Dependency { return conflicts(r.batch) }
