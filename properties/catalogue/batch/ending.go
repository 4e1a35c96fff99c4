package batch

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/conservation"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
)

// moment is where the code of a transaction ends the context that the batch's caller gave, and how the
// transaction goes on.
type moment byte

const (
	inPrepare      moment = iota // which then errs for that
	thenFailing                  // in Apply
	thenCommitting               // in Apply
	never                        // for there is no transaction
)

// moments has thenFailing twice: a failure is what an end meets at the most points.
var moments = [...]moment{inPrepare, thenFailing, thenCommitting, thenFailing}

// errGivenUp is what a transaction fails with that gives up.
var errGivenUp = errors.New("given up")

// endedRun is what a run showed whose context ended on the way.
type endedRun struct {
	trace.Observation
	When    moment        // where a transaction was to end it
	At      time.Duration // when it ended, since the run began; never if that is negative
	Noticed bool          // by a prepare, which then erred
}

// ending runs a workload in Go form, of which one transaction ends the caller's context: by no timer, so
// that it ends while others run, fail or commit.
type ending struct{ system }

func (e ending) Name() string { return e.system.Name() + ": a context that ends from within" }

func (e ending) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (endedRun, error) {
	began := rt.Stamp()
	ctx, cancel := rt.WithCancel(ctx)
	defer cancel()
	var at atomic.Int64
	var noticed atomic.Bool
	at.Store(-1)
	twin, when, err := endFromWithin(w, func() {
		at.CompareAndSwap(-1, int64(rt.Stamp()-began))
		cancel()
	}, func() { noticed.Store(true) })
	if err != nil {
		return endedRun{}, err
	}
	o, err := e.system.Run(ctx, rt, twin)
	return endedRun{o, when, time.Duration(at.Load()), noticed.Load()}, err
}

// endFromWithin is the workload in Go form, and when one of its transactions calls end: which of them, and
// when, depends on the batch alone. Every prepare gives up, and calls notice, if its context has ended.
func endFromWithin(w batch.Workload, end, notice func()) (batch.Workload, moment, error) {
	twin, err := batches.GoForm(w)
	if err != nil || len(twin.Batch.Transactions) == 0 {
		return twin, never, err
	}
	digest := w.Batch.Digest()
	when, chosen := moments[int(digest[0])%len(moments)], int(digest[1])%len(twin.Batch.Transactions)
	if when == thenFailing { // while those before it run, which a failure does not stop
		chosen = len(twin.Batch.Transactions) - 1
	}
	for i := range twin.Batch.Transactions {
		t := &twin.Batch.Transactions[i]
		prepare, apply := t.Prepare, t.Apply
		ends := i == chosen && when == inPrepare
		if prepare != nil || ends {
			t.Prepare = func(ctx context.Context) error {
				if ends {
					end()
				}
				if err := ctx.Err(); err != nil {
					notice()
					return err
				}
				if prepare == nil {
					return nil
				}
				return prepare(ctx)
			}
		}
		if i == chosen && when != inPrepare {
			t.Apply = func(v batch.View) error {
				end()
				if when == thenFailing {
					return errGivenUp
				}
				return apply(v)
			}
		}
	}
	return twin, when, nil
}

// asJudged is the workload in Go form for the specification, which knows of no context.
func asJudged(w batch.Workload) (batch.Workload, moment, error) {
	return endFromWithin(w, func() {}, func() {})
}

// endsOnce decides S28: whatever else happens at the same moment, the batch has one end.
type endsOnce struct{}

func (endsOnce) Name() string { return "ends once" }

func (endsOnce) Check(w batch.Workload, o endedRun) checkers.Verdict {
	twin, _, err := asJudged(w)
	if err != nil {
		return checkers.Undecided("the workload has no Go form: %v", err)
	}
	steps := time.Duration(len(o.Steps)) // no step takes longer than 1 ns; there are none on plain goroutines
	switch {
	case o.Outcome == history.TimedOut:
		return checkers.Failed("wrong outcome", "the batch timed out, and has no limit", "error: "+o.Error)
	case o.Outcome == history.Cancelled && o.At < 0:
		return checkers.Failed("early cancellation", "the batch was cancelled, and its context has not ended", "error: "+o.Error)
	case steps > 0 && o.At >= 0 && o.Elapsed > o.At+steps:
		return checkers.Failed("late return", fmt.Sprintf("the context ended after %v, and the batch returned (%v) after %v", o.At, o.Outcome, o.Elapsed), "error: "+o.Error)
	}
	if o.Outcome != history.Cancelled {
		if v := outcome.New().Check(twin, o.Observation); v.Status != checkers.Pass {
			return v
		}
	}
	return conservation.New().Check(twin, o.Observation)
}

// attended has no limits, and a worker for each transaction, so that all run when the context ends.
func attended(w batch.Workload) batch.Workload {
	w = untimed(w)
	w.Setup.Workers = max(w.Setup.Workers, len(w.Batch.Transactions))
	return w
}

// endedFromWithin is S28. On a clock that stands still while anybody can run, a batch returns as soon as
// its context has ended.
func endedFromWithin(s system) properties.Testable {
	type seen = properties.Condition[batch.Workload, endedRun]
	by := func(name string, outcome history.Outcome, when moment) seen {
		return seen{Name: name, Holds: func(_ batch.Workload, o endedRun) bool {
			return o.When == when && o.Outcome == outcome
		}}
	}
	g := without(batches.Committing(), func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.MaxAccounts = 3, 3, 12
		o.Inline, o.Work, o.Failures, o.Observed, o.Modes, o.Contention = 0, 95, 10, 0, 10, batches.Disjoint
	})
	return &properties.Property[batch.Workload, endedRun]{
		ID: "S28", Group: Group, Statement: "a batch whose context ends is cancelled at once, unless it has committed or failed before",
		Source: properties.Here(0), System: ending{s}, Generator: workloads(g, attended), Codec: codec, Size: size,
		Checkers: []checkers.Checker[batch.Workload, endedRun]{endsOnce{}},
		Sometimes: []seen{
			by("a prepare that ends the context, and a cancellation", history.Cancelled, inPrepare),
			by("a transaction that ends it and fails, and a cancellation", history.Cancelled, thenFailing),
			by("a transaction that ends it and fails, and an abort", history.Aborted, thenFailing),
			by("a transaction that ends it and commits, and a cancellation", history.Cancelled, thenCommitting),
			{Name: "a prepare that notices the end", Holds: func(_ batch.Workload, o endedRun) bool { return o.Noticed }},
		},
		Cause:        func(w batch.Workload, o endedRun) *properties.Cause { return cause(w, o.Observation) },
		Classify:     func(w batch.Workload, o endedRun) []string { return classify(w, o.Observation) },
		Explain:      func(w batch.Workload, o endedRun, r *sched.Record) []string { return explain(w, o.Observation, r) },
		PatientClock: true, Real: quick,
	}
}
