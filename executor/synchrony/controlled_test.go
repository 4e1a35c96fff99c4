package synchrony

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// smallShapes are small enough for many schedules of each.
var smallShapes = []shape{
	{transactions: 3, accounts: 2},
	{transactions: 4, accounts: 4},
	{transactions: 5, accounts: 3, goForm: 0.5},
	{transactions: 5, accounts: 8, failing: 0.4, goForm: 0.4},
	{transactions: 5, accounts: 5, after: 0.4},
	{transactions: 6, accounts: 12, after: 0.4, backward: true, failing: 0.4},
	{transactions: 4, accounts: 6, work: 0.5},
}

// controlled runs one workload under a strategy and checks what it showed.
func controlled(strategy sched.Strategy, w batch.Workload, o sched.Options, verify func(*trace.Observation) error) (sched.Record, error) {
	var obs trace.Observation
	var err error
	record := sched.Run(strategy, o, func(rt *sched.Runtime) {
		obs, err = System{}.Run(context.Background(), rt, w)
	})
	if record.Stuck != nil {
		return record, fmt.Errorf("stuck: %+v", *record.Stuck)
	}
	if err == nil {
		err = verify(&obs)
	}
	return record, err
}

// explore runs a workload under the default schedule, single deviations from it (up
// to a number of them, evenly spread), and samples of POS.
func explore(t *testing.T, w batch.Workload, o sched.Options, deviations, samples int, verify func(*trace.Observation) error) {
	t.Helper()
	base, err := controlled(sched.Default(), w, o, verify)
	if err != nil {
		t.Fatalf("default schedule: %v", err)
	}
	base = base.Clone()
	var all []schedule.Deviation
	for d := range sched.SingleDeviations(base) {
		all = append(all, d)
	}
	stride := max(1, len(all)/deviations)
	for i := 0; i < len(all); i += stride {
		if _, err := controlled(sched.Deviate(all[i:i+1]), w, o, verify); err != nil {
			t.Fatalf("deviation %v of %d: %v", all[i], len(all), err)
		}
	}
	for seed := range uint64(samples) {
		if _, err := controlled(sched.POS(seed), w, o, verify); err != nil {
			t.Fatalf("POS seed %d: %v", seed, err)
		}
	}
}

func TestEveryScheduleGivesTheSpecifiedOutcome(t *testing.T) {
	for seed := range uint64(4) {
		for i, s := range smallShapes {
			for _, mode := range []batch.Mode{batch.Parallel, batch.Blocking, batch.Serial} {
				t.Run(fmt.Sprintf("seed=%d/shape=%d/mode=%v", seed, i, mode), func(t *testing.T) {
					b := randomBatch(t, rand.New(rand.NewPCG(seed, uint64(i))), s)
					want := batch.RunSerially(b)
					w := batch.Workload{Batch: b, Setup: batch.Setup{
						Workers: 2 + int(seed)%2, Mode: mode, Observers: 1, Timeout: batch.NoTimeout,
					}}
					explore(t, w, sched.Options{}, 40, 25, func(obs *trace.Observation) error {
						return check(b, want, obs)
					})
				})
			}
		}
	}
}

// TestEveryScheduleOfATimeout lets the timer, or the cancellation, fall anywhere: the
// batch is committed or rolled back, whole, and says which.
func TestEveryScheduleOfATimeout(t *testing.T) {
	setups := map[string]batch.Setup{
		"batch":       {Timeout: time.Millisecond},
		"transaction": {TransactionTimeout: time.Millisecond, Timeout: batch.NoTimeout},
		"cancelled":   {CancelAfter: time.Millisecond},
		"1ns":         {Timeout: 1},
	}
	for name, setup := range setups {
		for _, mode := range []batch.Mode{batch.Parallel, batch.Blocking, batch.Serial} {
			for i, s := range []shape{{transactions: 3, accounts: 3}, {transactions: 3, accounts: 6, work: 0.7}, {transactions: 4, accounts: 3, goForm: 0.5}} {
				t.Run(fmt.Sprintf("%s/%v/%d", name, mode, i), func(t *testing.T) {
					b := randomBatch(t, rand.New(rand.NewPCG(7, uint64(i))), s)
					want := batch.RunSerially(b)
					w := batch.Workload{Batch: b, Setup: setup}
					w.Setup.Workers, w.Setup.Mode, w.Setup.Observers = 2, mode, 1
					outcomes := map[history.Outcome]int{}
					explore(t, w, sched.Options{}, 40, 25, func(obs *trace.Observation) error {
						outcomes[obs.Outcome]++
						return checkInterrupted(b, want, obs)
					})
					if name != "1ns" && len(outcomes) < 2 {
						t.Errorf("outcomes %v: the timer did not matter", outcomes)
					}
				})
			}
		}
	}
}

// checkInterrupted is check for executions that may have been interrupted.
func checkInterrupted(b *batch.Batch, want batch.Outcome, obs *trace.Observation) error {
	if obs.Outcome != history.TimedOut && obs.Outcome != history.Cancelled {
		return check(b, want, obs)
	}
	rolledBack := want
	rolledBack.Balances = b.Balances()
	rolledBack.Failure = &batch.Failure{}
	commits := 0
	for _, e := range obs.Events {
		if e.Kind == trace.Commit {
			commits++
		}
	}
	if obs.Completed != commits || obs.Completed+obs.Pending != len(b.Transactions) {
		return fmt.Errorf("%d completed and %d pending of %d, with %d commits", obs.Completed, obs.Pending, len(b.Transactions), commits)
	}
	if len(obs.Late) > 0 {
		return fmt.Errorf("late events: %v", obs.Late)
	}
	for _, s := range append(obs.Snapshots, trace.Snapshot{Balances: obs.Final}) {
		if fmt.Sprint(s.Balances) != fmt.Sprint(b.Balances()) {
			return fmt.Errorf("balances %v after a rollback", s.Balances)
		}
	}
	return checkEvents(b, rolledBack, obs)
}

// TestEveryScheduleOfBlindWrites: transactions that write and do not read are ordered
// by nothing but their writes.
func TestEveryScheduleOfBlindWrites(t *testing.T) {
	b := makeBatch(t, func(b *batch.Builder) {
		for i := range int64(3) {
			b.Add(batch.Transaction{ID: fmt.Sprint("t", i), Writes: []batch.AccountID{accA, accB}, Apply: func(v batch.View) error {
				v.SetBalance(accA, i)
				v.SetBalance(accB, 200-i)
				return nil
			}})
		}
	})
	want := batch.RunSerially(b)
	w := batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2, Mode: batch.Parallel, Timeout: batch.NoTimeout}}
	explore(t, w, sched.Options{}, 200, 50, func(obs *trace.Observation) error { return check(b, want, obs) })
}

// TestEveryScheduleOverlaps: when one transaction makes two long ones ready, both
// workers have one, however they were going to wait. (Time passes here only when
// nobody can run.)
func TestEveryScheduleOverlaps(t *testing.T) {
	const long = time.Second
	b := makeBatch(t, func(b *batch.Builder) {
		b.Transfer("t0", accA, accB, 1)
		b.Transfer("t1", accA, accC, 1).Work(long).Transfer("t2", accB, accD, 1).Work(long)
	})
	want := batch.RunSerially(b)
	for _, mode := range []batch.Mode{batch.Parallel, batch.Blocking} {
		w := batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2, Mode: mode, Timeout: batch.NoTimeout}}
		explore(t, w, sched.Options{PatientClock: true}, 300, 100, func(obs *trace.Observation) error {
			if obs.Elapsed >= 2*long {
				return fmt.Errorf("it took %v: the two did not overlap", obs.Elapsed)
			}
			return check(b, want, obs)
		})
	}
}
