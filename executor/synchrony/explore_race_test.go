//go:build race

package synchrony

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/executor/internal/racetest"
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

// TestRaceSearch executes random batches where the race detector watches.
func TestRaceSearch(t *testing.T) {
	var runs []func(*sched.Runtime) error
	for seed := range uint64(120) {
		w := raceWorkload(t, seed)
		runs = append(runs, func(rt *sched.Runtime) error {
			_, err := (System{}).Run(context.Background(), rt, w)
			return err
		})
	}
	racetest.Run(t, runs[:60], runs)
}
