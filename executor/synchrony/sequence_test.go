package synchrony

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// sequence draws batches for one store. Some fail, and some are interrupted.
func sequence(t *testing.T, rng *rand.Rand, n int, s shape) []batch.Workload {
	first := randomBatch(t, rng, s)
	ws := make([]batch.Workload, n)
	for i := range ws {
		b := randomBatch(t, rng, s)
		b.Accounts = first.Accounts
		ws[i] = batch.Workload{Batch: b, Setup: batch.Setup{
			Workers: 1 + rng.IntN(3), Mode: modes[rng.IntN(len(modes))], Timeout: batch.NoTimeout,
		}}
		switch rng.IntN(4) {
		case 0:
			ws[i].Setup.Timeout = time.Millisecond
		case 1:
			ws[i].Setup.CancelAfter = time.Millisecond
		}
	}
	return ws
}

// checkSequence holds each batch of a sequence against the specification, from
// the balances that the one before it left.
func checkSequence(ws []batch.Workload, all []trace.Observation) error {
	balances := ws[0].Batch.Balances()
	for i := range ws {
		b, obs := *ws[i].Batch, &all[i]
		b.Accounts = slices.Clone(b.Accounts)
		for a := range b.Accounts {
			b.Accounts[a].Balance = balances[a]
		}
		if !slices.Equal(obs.Initial, balances) {
			return fmt.Errorf("batch %d began with %v, after one that ended with %v", i, obs.Initial, balances)
		}
		if err := checkInterrupted(&b, batch.RunSerially(&b), obs); err != nil {
			return fmt.Errorf("batch %d: %w", i, err)
		}
		balances = obs.Final
	}
	return nil
}

// TestEveryScheduleOfASequence: one batch leaves nothing to the next but the
// balances it committed, however it ended.
func TestEveryScheduleOfASequence(t *testing.T) {
	outcomes := map[history.Outcome]int{}
	for seed := range uint64(4) {
		for i, s := range smallShapes {
			ws := sequence(t, rand.New(rand.NewPCG(seed, uint64(i))), 3, s)
			run := func(strategy sched.Strategy) sched.Record {
				var all []trace.Observation
				var err error
				record := sched.Run(strategy, sched.Options{}, func(rt *sched.Runtime) {
					all, err = System{}.RunSequence(context.Background(), rt, ws)
				})
				if record.Stuck != nil {
					t.Fatalf("seed %d, shape %d: stuck: %+v", seed, i, *record.Stuck)
				}
				if err == nil {
					err = checkSequence(ws, all)
				}
				if err != nil {
					t.Fatalf("seed %d, shape %d: %v", seed, i, err)
				}
				for _, obs := range all {
					outcomes[obs.Outcome]++
				}
				return record
			}
			base := run(sched.Default()).Clone()
			devs := slices.Collect(sched.SingleDeviations(base))
			for at := 0; at < len(devs); at += max(1, len(devs)/40) {
				run(sched.Deviate(devs[at : at+1]))
			}
			for sample := range uint64(20) {
				run(sched.POS(sample))
			}
		}
	}
	for _, o := range []history.Outcome{history.Committed, history.Aborted, history.TimedOut, history.Cancelled} {
		if outcomes[o] == 0 {
			t.Errorf("no batch was %v: %v", o, outcomes)
		}
	}
}

// TestSequenceSeesStaleCells: the check of sequences fails if the cells keep what a
// rolled back batch wrote. (This is what the second batch would show.)
func TestSequenceSeesStaleCells(t *testing.T) {
	aborted := makeBatch(t, func(b *batch.Builder) {
		b.Transfer("t0", accA, accB, 30).Transfer("t1", accA, accB, 1_000)
	})
	next := makeBatch(t, func(b *batch.Builder) { b.Transfer("t0", accA, accC, 1) })
	setup := batch.Setup{Workers: 1, Mode: batch.Parallel, Timeout: batch.NoTimeout}
	ws := []batch.Workload{{Batch: aborted, Setup: setup}, {Batch: next, Setup: setup}}

	all, err := System{}.RunSequence(t.Context(), nil, ws)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSequence(ws, all); err != nil {
		t.Fatal(err)
	}
	if all[0].Outcome != history.Aborted || all[1].Outcome != history.Committed {
		t.Fatalf("outcomes %v and %v", all[0].Outcome, all[1].Outcome)
	}

	// Without copyCells, the second begins from what the first had come to.
	store := NewStore(aborted.Accounts)
	first := observeRun(t.Context(), nil, store, ws[0])
	cells := slices.Clone(first.run.cells)
	second := staleRun(t, store, next, cells)
	stale := []trace.Observation{all[0], all[1]}
	stale[1].Final = second
	if err := checkSequence(ws, stale); err == nil {
		t.Error("balances made from stale cells passed the check")
	}
}

// staleRun executes a batch as Execute does, but for the fresh copy of the balances.
func staleRun(t *testing.T, s *Store, b *batch.Batch, cells []cell) []int64 {
	t.Helper()
	r, err := newRun(t.Context(), nil, s, b, Options{Workers: 1, Mode: batch.Parallel}, clock.Stamp())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gates() {
		if err := g.pass(r); err != nil {
			break
		}
		if g.name == "admit" {
			copy(r.cells, cells)
		}
	}
	r.close()
	return s.Snapshot(nil)
}
