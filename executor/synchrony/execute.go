package synchrony

import (
	"context"
	"slices"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// Execute executes b, which must be valid (see [batch.Batch.Validate]), on the
// accounts of s. Batches on one store execute one at a time; others wait, and their
// timeouts count meanwhile. A nil rt means goroutines and real time.
//
// If the error is nil the batch was committed. Otherwise the accounts are as
// before, and the error is one of:
//
//   - [*batch.Failure]: the first transaction, in submission order, that failed
//   - [*batch.CycleError]: after clauses and conflicts form a cycle; nothing was run.
//     It is the shortest cycle through the first transaction that is on any, and
//     begins with it
//   - [*TimeoutError]: the batch, or a transaction, took too long
//   - [*CanceledError]: ctx ended
//   - [*ConfigError]: an option is out of range, or b is not about s's accounts
//   - [*ConservationError]: the executor is broken
//
// The result is nil for a ConfigError only. Execute returns promptly when the time
// is over, even if a transaction does not: its goroutine is left behind, and
// nothing that it does later has an effect.
func Execute(ctx context.Context, rt *sched.Runtime, s *Store, b *batch.Batch, o Options) (*Result, error) {
	r, err := newRun(ctx, rt, s, b, o, rt.Stamp())
	if err != nil {
		return nil, err
	}
	return r.execute()
}

// newRun prepares an execution that began at the given time.
func newRun(ctx context.Context, rt *sched.Runtime, s *Store, b *batch.Batch, o Options, began time.Duration) (*run, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	if !s.fits(b) {
		return nil, &ConfigError{"the batch", "about other accounts than the store's", "one with the same accounts in the same order"}
	}
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	r := &run{
		schema: schema{
			rt: rt, caller: ctx, ctx: ctx, store: s, batch: b, opts: o, began: began,
			blocking: o.Mode == batch.Blocking, sc: s.takeScratch(rt),
		},
		conclusion: conclusion{stopLimit: func() {}, stopWatch: func() {}},
	}
	r.control.reset(len(b.Transactions))
	r.wake.L, r.over.L = &r.mu, &r.mu
	r.inject = injections(b, o.Panics)
	return r, nil
}

// injections are the indices of the transactions named; nil if there are none.
func injections(b *batch.Batch, ids []string) map[int32]bool {
	if len(ids) == 0 {
		return nil
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	indices := map[int32]bool{}
	for i := range b.Transactions {
		if wanted[b.Transactions[i].ID] {
			indices[int32(i)] = true
		}
	}
	return indices
}

// execute executes the batch and cleans up behind it.
func (r *run) execute() (*Result, error) {
	defer r.close()
	err := r.passGates()
	r.closeTrace()
	return r.result(err), err
}

// close ends what the execution holds: also if a transaction that ran on the
// caller's goroutine ended that.
func (r *run) close() {
	r.stopLimit()
	r.stopWatch()
	if r.cancelPrepares != nil {
		r.cancelPrepares()
	}
	r.mu.Lock(r.rt)
	idle := r.live == 0
	r.mu.Unlock(r.rt)
	if r.admitted {
		r.store.release(r.rt)
	}
	if idle {
		r.keepBuffers()
		r.store.keepScratch(r.rt, r.sc)
	}
}

// keepBuffers gives the workers' buffers back. All workers have returned.
func (r *run) keepBuffers() {
	if n := min(len(r.workers), maxBuffers); n > len(r.sc.buffers) {
		r.sc.buffers = make([]buffers, n)
	}
	for i := range min(len(r.workers), maxBuffers) {
		r.sc.buffers[i] = r.workers[i].buffers
	}
}

// closeTrace collects the events; from here on, what a worker does is late.
func (r *run) closeTrace() {
	if !r.opts.Trace || r.closed {
		return
	}
	r.closed = true
	r.events = r.sealLogs()
	if fate, _ := r.control.load(r.rt); fate != committed {
		r.events = r.rollBack(r.events)
	}
}

// completed is how many transactions had succeeded when the batch was decided:
// those that the trace shows, or else those that the workers have counted.
func (r *run) completed() int {
	if r.closed {
		n := 0
		for _, e := range r.events {
			if e.Kind == trace.Commit {
				n++
			}
		}
		return n
	}
	r.rt.Yield(schedule.OpLoad, tallyObject)
	ran := int(uint32(r.tally.Load()))
	r.mu.Lock(r.rt)
	defer r.mu.Unlock(r.rt)
	return ran - min(ran, len(r.failures))
}

// mixed reports whether some levels are wide, and some are not.
func mixed(width []int32) bool {
	return slices.ContainsFunc(width, func(n int32) bool { return (n > 1) != (width[0] > 1) })
}

// inWideLevel reports whether a transaction's group has two or more.
func (r *run) inWideLevel(tx int32) bool {
	g := &r.sc.graph
	return g.width[g.level[tx]] > 1
}
