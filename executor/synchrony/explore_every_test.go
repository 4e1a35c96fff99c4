package synchrony

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// scope is a small workload all of whose schedules are explored.
type scope struct {
	name     string
	workload func(t *testing.T) batch.Workload
	outcomes int // that differ in what was executed where, in which order, at least; n independent ones on w workers have w^n
}

func pool(workers int, s batch.Setup) batch.Setup {
	s.Workers, s.Mode = workers, batch.Parallel
	if s.Timeout == 0 {
		s.Timeout = batch.NoTimeout
	}
	return s
}

// touch is a transaction that writes accounts, and nothing else.
func touch(id string, accounts ...batch.AccountID) batch.Transaction {
	return batch.Transaction{ID: id, Writes: accounts, Apply: func(batch.View) error { return nil }}
}

func smallScopes() []scope {
	independent := func(n, workers int) func(*testing.T) batch.Workload {
		return func(t *testing.T) batch.Workload {
			b := makeBatch(t, func(b *batch.Builder) {
				for i := range n {
					b.Add(touch(fmt.Sprint("t", i), batch.AccountID(i)))
				}
			})
			return batch.Workload{Batch: b, Setup: pool(workers, batch.Setup{})}
		}
	}
	transfers := func(workers int, s batch.Setup) func(*testing.T) batch.Workload {
		return func(t *testing.T) batch.Workload {
			b := makeBatch(t, func(b *batch.Builder) {
				b.Transfer("t0", accA, accB, 1)
				b.Transfer("t1", accA, accC, 1)
				b.Transfer("t2", accB, accD, 1)
				b.Transfer("t3", accC, accD, 1)
			})
			return batch.Workload{Batch: b, Setup: pool(workers, s)}
		}
	}
	return []scope{
		{"2 independent, 2 workers", independent(2, 2), 4},
		{"3 independent, 3 workers", independent(3, 3), 27},
		{"4 independent, 3 workers", independent(4, 3), 81},
		{"4 transfers, the middle ones independent, 3 workers", transfers(3, batch.Setup{}), 4},
		{"2 that fail, 2 workers", func(t *testing.T) batch.Workload {
			b := makeBatch(t, func(b *batch.Builder) {
				b.Transfer("t0", accA, accA, 1)
				b.Transfer("t1", accB, accB, 1)
			})
			return batch.Workload{Batch: b, Setup: pool(2, batch.Setup{})}
		}, 3},
		{"a transfer and a timeout, 1 worker", func(t *testing.T) batch.Workload {
			b := makeBatch(t, func(b *batch.Builder) { b.Transfer("t0", accA, accB, 1) })
			return batch.Workload{Batch: b, Setup: pool(1, batch.Setup{Timeout: time.Millisecond})}
		}, 3},
	}
}

// doings is what an observation tells, but for times: the batch's fate, and what each worker did, in its order.
func doings(obs *trace.Observation) string {
	var workers [8]strings.Builder
	for _, e := range obs.Events {
		fmt.Fprintf(&workers[e.Worker+1], " %v %d", e.Kind, e.Tx)
	}
	s := fmt.Sprint(obs.Outcome, " ", obs.Error, " ", obs.Final, obs.Completed, obs.Pending)
	for i := range workers {
		s += "; " + workers[i].String()
	}
	return s
}

// exhaust runs all schedules within bounds, checks each, and returns how often each outcome came.
func exhaust(t *testing.T, w batch.Workload, b sched.Bounds) (map[string]int, sched.Coverage) {
	t.Helper()
	want := batch.RunSerially(w.Batch)
	seen := map[string]int{}
	e := sched.NewExplorer(sched.Options{}, b)
	var runner sched.Runner
	for s, ok := e.Next(); ok; s, ok = e.Next() {
		var obs trace.Observation
		var err error
		rec := runner.Run(s, sched.Options{}, func(rt *sched.Runtime) {
			obs, err = System{}.Run(context.Background(), rt, w)
		})
		if rec.Stuck != nil {
			t.Fatalf("schedule %v: %v", rec.Schedule, rec.Stuck)
		}
		if err == nil {
			err = checkInterrupted(w.Batch, want, &obs)
		}
		if err != nil {
			t.Fatalf("schedule %v: %v", rec.Schedule, err)
		}
		seen[doings(&obs)]++
		if err := e.Ran(&rec); err != nil {
			t.Fatal(err)
		}
	}
	return seen, e.Coverage()
}

// TestEveryScheduleThereIs covers all schedules of small batches: each gives the specified outcome. What schedules with one
// preemption show, and samples, is among what partial order reduction shows; so no access that matters is
// kept from it.
func TestEveryScheduleThereIs(t *testing.T) {
	for _, s := range smallScopes() {
		t.Run(s.name, func(t *testing.T) {
			w := s.workload(t)
			all, c := exhaust(t, w, sched.Bounds{Preemptions: sched.Unbounded})
			if !c.Complete || len(all) < s.outcomes {
				t.Errorf("%+v, %d outcomes, want %d", c, len(all), s.outcomes)
			}
			some, bounded := exhaust(t, w, sched.Bounds{Preemptions: 1, Schedules: 400})
			for seed := range uint64(200) {
				var obs trace.Observation
				sched.Run(sched.POS(seed), sched.Options{}, func(rt *sched.Runtime) {
					obs, _ = System{}.Run(context.Background(), rt, w)
				})
				some[doings(&obs)]++
			}
			for k := range some {
				if all[k] == 0 {
					t.Errorf("DPOR missed: %s", k)
				}
			}
			t.Logf("%d traces (and %d redundant runs), %d outcomes; %d of them in %d schedules with a preemption at most, and 200 samples",
				c.Traces, c.Blocked, len(all), len(some), bounded.Schedules)
		})
	}
}
