//go:build race

package synchrony

import (
	"context"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/batch"
)

// raceWorkload draws a batch and how to execute it.
func raceWorkload(t *testing.T, seed uint64) batch.Workload {
	rng := rand.New(rand.NewPCG(seed, 9))
	s := smallShapes[rng.IntN(len(smallShapes))]
	s.transactions += rng.IntN(4)
	setup := batch.Setup{Workers: 2 + rng.IntN(3), Mode: batch.Parallel, Observers: rng.IntN(2), Timeout: batch.NoTimeout}
	if rng.IntN(3) == 0 {
		setup.Mode = batch.Blocking
	}
	switch rng.IntN(4) {
	case 0:
		setup.Timeout = time.Millisecond
	case 1:
		setup.TransactionTimeout = time.Millisecond
	case 2:
		setup.CancelAfter = time.Millisecond
	}
	return batch.Workload{Batch: randomBatch(t, rng, s), Setup: setup}
}

// TestRaceHunt executes random batches where the race detector watches: on controlled schedules, where it sees of the order
// between tasks only what the executor's own locks and atomics make, and on goroutines that are disturbed at random, on
// one processor and more. A race that it sees fails the test.
func TestRaceHunt(t *testing.T) {
	schedules, runs := 0, 0
	var runner sched.Runner
	for seed := range uint64(60) {
		w := raceWorkload(t, seed)
		main := func(rt *sched.Runtime) {
			if _, err := (System{}).Run(context.Background(), rt, w); err != nil {
				t.Error(err)
			}
		}
		e := sched.NewExplorer(sched.Options{}, sched.Bounds{Preemptions: sched.Unbounded, Schedules: 4})
		for s, ok := e.Next(); ok; s, ok = e.Next() {
			rec := runner.Run(s, sched.Options{}, main)
			if err := e.Ran(&rec); err != nil {
				t.Fatal(err)
			}
			schedules++
		}
		for sample := range uint64(8) {
			runner.Run(sched.POS(sample), sched.Options{}, main)
			schedules++
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for seed := range uint64(120) {
			if _, err := (System{}).Run(context.Background(), sched.NewChaos(seed), raceWorkload(t, seed)); err != nil {
				t.Error(err)
			}
			runs++
		}
	}
	t.Logf("batch executor: no race on %d controlled schedules and in %d runs of disturbed goroutines on 1, 2 and 4 processors", schedules, runs)
}
