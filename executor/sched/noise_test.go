package sched_test

import (
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestNoiseDisturbs checks that a noisy runtime shows what goroutines rarely show
// by themselves: an update lost between a load and the store next to it.
func TestNoiseDisturbs(t *testing.T) {
	const tasks, turns = 4, 500
	rt := sched.NewNoisy(7)
	if rt.Controlled() {
		t.Error("controlled")
	}
	var n sched.Int64
	workers(rt, tasks, func(int) {
		for range turns {
			n.Store(rt, n.Load(rt)+1)
		}
	})
	if got := n.Load(nil); got < 1 || got >= tasks*turns {
		t.Errorf("%d updates of %d survived", got, tasks*turns)
	}
}

// TestNoAllocationPerStep checks that a longer run allocates no more.
func TestNoAllocationPerStep(t *testing.T) {
	var r sched.Runner
	allocs := func(steps int, s func() sched.Strategy) float64 {
		return testing.AllocsPerRun(20, func() {
			r.Run(s(), sched.Options{}, func(rt *sched.Runtime) {
				var mu sched.Mutex
				workers(rt, 2, func(int) {
					for range steps {
						rt.Yield(schedule.OpWrite, user)
						mu.Lock(rt)
						mu.Unlock(rt)
					}
				})
			})
		})
	}
	for _, s := range []func() sched.Strategy{
		sched.Default,
		func() sched.Strategy { return sched.POS(1) },
		func() sched.Strategy { return sched.PCT(1, 3, 1000) },
	} {
		allocs(2000, s)                                                // grows the buffers
		if few, many := allocs(10, s), allocs(2000, s); many > few+2 { // a stack may grow
			t.Errorf("%T: %v allocations for 10 steps, %v for 2000", s(), few, many)
		}
	}
}
