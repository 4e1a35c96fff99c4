package metrics

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// right is what a run of two independent transfers on two workers shows.
func right(t *testing.T) (batch.Workload, trace.Observation) {
	t.Helper()
	b := batch.NewBuilder()
	b.Transfer("transfer1", b.Account("a", 1), b.Account("b", 0), 1)
	b.Transfer("transfer2", b.Account("c", 1), b.Account("d", 0), 1)
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	event := func(k trace.EventKind, tx, worker int32, at time.Duration) trace.Event {
		return trace.Event{Kind: k, Tx: tx, Worker: worker, Time: at}
	}
	return batch.Workload{Batch: built, Setup: batch.Setup{Workers: 2, Mode: batch.Parallel}}, trace.Observation{
		Outcome: history.Committed, Initial: built.Balances(), Final: built.Balances(), Groups: [][]int32{{0, 1}}, Workers: 2, Executed: 2, Parallel: 2, Elapsed: 10,
		Events: []trace.Event{
			event(trace.Start, 0, 0, 1), event(trace.Start, 1, 1, 2),
			event(trace.Commit, 0, 0, 3), event(trace.Commit, 1, 1, 4),
		},
	}
}

func TestMetrics(t *testing.T) {
	for _, c := range []struct {
		name, rule string // an empty rule: it passes
		change     func(*batch.Workload, *trace.Observation)
	}{
		{"right", "", func(*batch.Workload, *trace.Observation) {}},
		{"fewer workers than allowed", "", func(w *batch.Workload, _ *trace.Observation) { w.Setup.Workers = 8 }},
		{"more workers than allowed", "workers", func(_ *batch.Workload, o *trace.Observation) { o.Workers = 3 }},
		{"no worker", "workers", func(_ *batch.Workload, o *trace.Observation) { o.Workers = 0 }},
		{"serial on two workers", "workers", func(_ *batch.Workload, o *trace.Observation) { o.Serial, o.Parallel = true, 0 }},
		{"serial, and parallel all the same", "parallel", func(_ *batch.Workload, o *trace.Observation) { o.Serial, o.Workers = true, 1 }},
		{"one lost from the groups", "groups", func(_ *batch.Workload, o *trace.Observation) { o.Groups = [][]int32{{0}} }},
		{"one executed too many", "executed", func(_ *batch.Workload, o *trace.Observation) { o.Executed = 3 }},
		{"one not counted as parallel", "parallel", func(_ *batch.Workload, o *trace.Observation) { o.Parallel = 1 }},
		{"one alone counted as parallel", "parallel", func(w *batch.Workload, o *trace.Observation) {
			w.Setup.Untraced, o.Outcome, o.Events, o.Groups, o.Executed, o.Parallel = true, history.Aborted, nil, [][]int32{{0}, {1}}, 1, 1
		}},
		{"one of a group counted as alone", "parallel", func(w *batch.Workload, o *trace.Observation) {
			w.Setup.Untraced, o.Outcome, o.Events, o.Executed, o.Parallel = true, history.Aborted, nil, 1, 0
		}},
		{"a commit that is not in the trace", "executed", func(_ *batch.Workload, o *trace.Observation) { o.Events = o.Events[:3] }},
		{"an event after the end", "elapsed", func(_ *batch.Workload, o *trace.Observation) { o.Elapsed = 3 }},
		{"a worker that was not started", "worker number", func(_ *batch.Workload, o *trace.Observation) { o.Events[1].Worker = 2 }},
		{"one worker for two transactions at once", "worker number", func(_ *batch.Workload, o *trace.Observation) {
			o.Events[1].Worker, o.Events[3].Worker = 0, 0
		}},
		{"one worker for two transactions in turn", "", func(_ *batch.Workload, o *trace.Observation) {
			o.Events[1], o.Events[2] = o.Events[2], o.Events[1]
			o.Events[1].Time, o.Events[2].Time = 2, 2
			o.Events[2].Worker, o.Events[3].Worker = 0, 0
		}},
		{"a speedup that nobody measured", "speedup", func(_ *batch.Workload, o *trace.Observation) {
			x := 2.0
			o.Speedup = &x
		}},
		{"more workers than the limit of blocking mode", "workers", func(w *batch.Workload, _ *trace.Observation) {
			w.Setup.Mode, w.Setup.Limit = batch.Blocking, 1
		}},
		{"blocking mode without a limit", "", func(w *batch.Workload, _ *trace.Observation) { w.Setup.Mode, w.Setup.Workers = batch.Blocking, 1 }},
		{"events without tracing", "untraced", func(w *batch.Workload, _ *trace.Observation) { w.Setup.Untraced = true }},
		{"pending and completed", "completed and pending", func(_ *batch.Workload, o *trace.Observation) {
			o.Outcome, o.Completed, o.Pending = history.TimedOut, 1, 2
		}},
		{"completed and not executed", "completed and pending", func(_ *batch.Workload, o *trace.Observation) {
			n := o.Executed
			o.Outcome, o.Completed, o.Pending, o.Executed, o.Parallel = history.TimedOut, n, 0, n-1, 0
		}},
		{"executed though refused", "executed", func(_ *batch.Workload, o *trace.Observation) {
			o.Outcome, o.Events, o.Workers = history.Refused, nil, 0
		}},
		{"workers though refused", "workers", func(_ *batch.Workload, o *trace.Observation) {
			o.Outcome, o.Events, o.Executed, o.Parallel = history.Refused, nil, 0, 0
		}},
		{"pending though committed", "completed and pending", func(_ *batch.Workload, o *trace.Observation) { o.Pending = 1 }},
		{"completed though committed", "completed and pending", func(_ *batch.Workload, o *trace.Observation) { o.Completed = 2 }},
		{"serial in mode parallel", "serial", func(w *batch.Workload, o *trace.Observation) {
			w.Setup.Mode, o.Serial, o.Workers, o.Parallel = batch.Parallel, true, 1, 0
		}},
		{"parallel in mode serial", "serial", func(w *batch.Workload, _ *trace.Observation) { w.Setup.Mode = batch.Serial }},
		{"fewer executed than committed", "executed", func(_ *batch.Workload, o *trace.Observation) {
			o.Outcome, o.Executed, o.Parallel = history.Aborted, 1, 1
		}},
		{"fewer in parallel than committed", "parallel", func(_ *batch.Workload, o *trace.Observation) {
			o.Outcome, o.Parallel = history.Aborted, 1
		}},
		{"more executed in parallel than at all", "parallel", func(_ *batch.Workload, o *trace.Observation) {
			o.Outcome, o.Executed = history.Aborted, 1
		}},
		{"a negative time", "elapsed", func(_ *batch.Workload, o *trace.Observation) { o.Elapsed = -1 }},
		{"two workers in one transaction", "worker number", func(_ *batch.Workload, o *trace.Observation) {
			for i := range o.Events {
				if o.Events[i].Kind == trace.Commit {
					o.Events[i].Worker ^= 1
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, o := right(t)
			c.change(&w, &o)
			if o.Outcome == history.Aborted {
				o.Counterexample = &trace.Counterexample{}
			}
			want := checkers.Fail
			if c.rule == "" {
				want = checkers.Pass
			}
			if v := New().Check(w, o); v.Status != want || v.Rule != c.rule {
				t.Errorf("got %v, rule %q (%s); want %v, %q", v.Status, v.Rule, v.Reason, want, c.rule)
			}
		})
	}
}
