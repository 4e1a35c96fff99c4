package synchrony

import (
	"context"
	"errors"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// System runs workloads on this executor for the harness. It implements
// executor.System for [batch.Workload] and [trace.Observation]; Observation.Steps
// is left to the caller, who has the schedule's record.
type System struct{}

// Name is "synchrony".
func (System) Name() string { return "synchrony" }

// Run executes the workload on a store of its own, and observes it until all that it
// started has ended: so that whatever a transaction does after the batch was over is
// seen, too.
func (System) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (trace.Observation, error) {
	store := NewStore(w.Batch.Accounts)
	x := observeRun(ctx, rt, store, w)
	x.settle()
	x.obs.Snapshots = x.observers.wait()
	x.obs.Final = store.Snapshot(rt)
	return x.obs, nil
}

// RunSequence executes workloads one after another on one store, which has the
// accounts of the first. The others must be about the same accounts, by name and
// order (or else are refused); the balances in their batches do not matter. Each
// observation has the balances before and after its own batch.
//
// A batch begins as soon as the one before it has returned, while what that left
// behind may still run. All is awaited at the end, so that late effects are seen.
func (System) RunSequence(ctx context.Context, rt *sched.Runtime, ws []batch.Workload) ([]trace.Observation, error) {
	if len(ws) == 0 {
		return nil, nil
	}
	store := NewStore(ws[0].Batch.Accounts)
	runs := make([]*observed, len(ws))
	for i, w := range ws {
		initial := store.Snapshot(rt)
		x := observeRun(ctx, rt, store, w)
		x.obs.Initial = initial
		x.obs.Snapshots = x.observers.wait()
		x.obs.Final = store.Snapshot(rt)
		runs[i] = x
	}
	observations := make([]trace.Observation, len(ws))
	for i, x := range runs {
		x.settle()
		observations[i] = x.obs
	}
	observations[len(ws)-1].Final = store.Snapshot(rt)
	return observations, nil
}

// observed is an execution that has returned, and what it showed by then.
type observed struct {
	rt        *sched.Runtime
	obs       trace.Observation
	run       *run // nil if there was none, for the options were wrong
	observers *observers
	stop      func() // ends the cancellation
}

// observeRun executes one workload on a store.
func observeRun(ctx context.Context, rt *sched.Runtime, store *Store, w batch.Workload) *observed {
	b, setup := w.Batch, w.Setup
	began := rt.Stamp()
	x := &observed{rt: rt, obs: trace.Observation{Initial: b.Balances()}, stop: func() {}}
	if setup.CancelAfter > 0 {
		cancellable, cancel := rt.WithCancel(ctx)
		ctx = cancellable
		timer := rt.AfterFunc(setup.CancelAfter, cancel)
		x.stop = func() {
			timer.Stop()
			cancel()
		}
	}
	x.observers = startObservers(rt, store, setup.Observers, began)
	r, err := newRun(ctx, rt, store, b, Options{
		Workers: setup.Workers, Mode: setup.Mode, Limit: setup.Limit, Timeout: setup.Timeout,
		TransactionTimeout: setup.TransactionTimeout, Trace: !setup.Untraced, Panics: setup.Panics,
		Now: setup.Now,
	}, began)
	if err != nil {
		conclude(&x.obs, err)
		return x
	}
	res, _ := r.execute() // the error is the result's
	x.obs = describe(res)
	x.obs.Initial = b.Balances()
	x.run = r
	return x
}

// settle waits until all that the execution started has ended, and notes what it
// did late.
func (x *observed) settle() {
	if x.run != nil {
		x.run.tasks.Wait(x.rt)
		x.obs.Late = x.run.lateEvents()
	}
	x.stop()
}

// Observation is what the execution showed of itself: all of an observation but for what
// only its surroundings know (snapshots, steps, what came late) and what is expensive,
// which [Result.Edges], [Result.Conflicts] and [Result.CertifiedAccesses] compute.
func (r *Result) Observation() trace.Observation {
	o := trace.Observation{
		Final:  r.Balances(),
		Groups: r.Groups(), Events: r.Events, Elapsed: r.Elapsed, Limit: r.Limit, Workers: r.Workers, Serial: r.Serial,
		Executed: r.Executed, Parallel: r.Parallel, Speedup: r.Speedup,
		Certificate: r.Certificate, Counterexample: r.Counterexample,
	}
	conclude(&o, r.Err)
	return o
}

// describe is all that a result says, but for the balances, which are the store's to say.
func describe(res *Result) trace.Observation {
	o := res.Observation()
	o.Final = nil
	o.Edges, o.Conflicts = res.Edges(), res.Conflicts()
	if res.Certificate != nil {
		certificate := *res.Certificate
		certificate.Accesses = res.CertifiedAccesses()
		o.Certificate = &certificate
	}
	return o
}

// conclude says how an execution ended that returned err.
func conclude(obs *trace.Observation, err error) {
	if err == nil {
		obs.Outcome = history.Committed
		return
	}
	obs.Error = err.Error()
	obs.Outcome = history.Aborted
	var (
		timeout  *TimeoutError
		canceled *CanceledError
		cycle    *batch.CycleError
		config   *ConfigError
	)
	switch {
	case errors.As(err, &obs.Failure):
	case errors.As(err, &obs.Unattested):
	case errors.As(err, &timeout):
		obs.Outcome = history.TimedOut
		obs.Completed, obs.Pending = timeout.Completed, timeout.Pending
	case errors.As(err, &canceled):
		obs.Outcome = history.Cancelled
		obs.Completed, obs.Pending = canceled.Completed, canceled.Pending
	case errors.As(err, &cycle):
		obs.Outcome = history.Refused
		obs.Cycle = cycle.Cycle
	case errors.As(err, &config):
		obs.Outcome = history.Refused
	}
}

// observers are tasks outside the batch that read the store meanwhile.
type observers struct {
	rt    *sched.Runtime
	group sched.WaitGroup
	saw   [][]trace.Snapshot // by observer
}

func startObservers(rt *sched.Runtime, s *Store, n int, began time.Duration) *observers {
	o := &observers{rt: rt, saw: make([][]trace.Snapshot, n)}
	o.group.Add(rt, n)
	for i := range n {
		rt.Go("observer", i, func() {
			defer o.group.Done(rt)
			o.saw[i] = observe(rt, s, int32(i), began)
		})
	}
	return o
}

// observe reads the store in both ways there are. Balances read one by one are a
// snapshot if no commit happened between the first and the last: if the version is the
// same before and after.
func observe(rt *sched.Runtime, s *Store, id int32, began time.Duration) []trace.Snapshot {
	var saw []trace.Snapshot
	at, version := rt.Stamp()-began, s.Version(rt)
	balances := make([]int64, len(s.names))
	for a := range balances {
		balances[a] = s.Balance(rt, batch.AccountID(a))
	}
	if s.Version(rt) == version {
		saw = append(saw, trace.Snapshot{Time: at, Observer: id, Balances: balances})
	}
	at = rt.Stamp() - began
	return append(saw, trace.Snapshot{Time: at, Observer: id, Balances: s.Snapshot(rt)})
}

// wait waits for the observers, and lists what they saw by observer.
func (o *observers) wait() []trace.Snapshot {
	o.group.Wait(o.rt)
	var all []trace.Snapshot
	for _, saw := range o.saw {
		all = append(all, saw...)
	}
	return all
}
