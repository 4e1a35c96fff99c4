package synchrony

import (
	"context"
	"errors"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
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
	b, setup := w.Batch, w.Setup
	store := NewStore(b.Accounts)
	began := rt.Stamp()
	obs := trace.Observation{Initial: b.Balances()}

	if setup.CancelAfter > 0 {
		cancellable, cancel := rt.WithCancel(ctx)
		defer cancel()
		ctx = cancellable
		timer := rt.AfterFunc(setup.CancelAfter, cancel)
		defer timer.Stop()
	}
	observers := startObservers(rt, store, setup.Observers, began)
	r, err := newRun(ctx, rt, store, b, Options{
		Workers: setup.Workers, Mode: setup.Mode, Limit: setup.Limit, Timeout: setup.Timeout,
		TransactionTimeout: setup.TransactionTimeout, Trace: !setup.Untraced, Panics: setup.Panics,
	}, began)
	if err == nil {
		var res *Result
		res, err = r.execute()
		describe(&obs, res)
		r.tasks.Wait(rt)
		obs.Late = r.lateEvents()
	}
	conclude(&obs, err)
	obs.Snapshots = observers.wait()
	obs.Final = store.Snapshot(rt)
	return obs, nil
}

// describe copies what a result says.
func describe(obs *trace.Observation, res *Result) {
	obs.Edges = res.Edges()
	obs.Conflicts = res.Conflicts()
	obs.Groups = res.Groups()
	obs.Events = res.Events
	obs.Elapsed = res.Elapsed
	obs.Limit = res.Limit
	obs.Workers = res.Workers
	obs.Serial = res.Serial
	obs.Executed, obs.Parallel = res.Executed, res.Parallel
}

// conclude says how an execution ended that returned err.
func conclude(obs *trace.Observation, err error) {
	if err == nil {
		obs.Outcome = trace.Committed
		return
	}
	obs.Error = err.Error()
	obs.Outcome = trace.Aborted
	var (
		timeout  *TimeoutError
		canceled *CanceledError
		cycle    *batch.CycleError
		config   *ConfigError
	)
	switch {
	case errors.As(err, &obs.Failure):
	case errors.As(err, &timeout):
		obs.Outcome = trace.TimedOut
		obs.Completed, obs.Pending = timeout.Completed, timeout.Pending
	case errors.As(err, &canceled):
		obs.Outcome = trace.Cancelled
		obs.Completed, obs.Pending = canceled.Completed, canceled.Pending
	case errors.As(err, &cycle):
		obs.Outcome = trace.Refused
		obs.Cycle = cycle.Cycle
	case errors.As(err, &config):
		obs.Outcome = trace.Refused
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
