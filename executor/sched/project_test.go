package sched_test

import (
	"sync/atomic"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestProjections: what is left of a schedule in a smaller program still loses the update that it lost in the larger one.
func TestProjections(t *testing.T) {
	// Two tasks add to a counter that is read and written in two steps. Before that, each takes some steps of its own, of which the smaller program has fewer.
	adders := func(own int) func(*sched.Runtime) int {
		return func(rt *sched.Runtime) int {
			var n atomic.Int64
			var group sched.WaitGroup
			group.Add(rt, 2)
			for i := range 2 {
				rt.Go("adder", i, func() {
					defer group.Done(rt)
					for range own {
						rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassUser, Index: int32(1 + i)})
					}
					rt.Yield(schedule.OpLoad, schedule.Object{Class: schedule.ClassUser})
					v := n.Load()
					rt.Yield(schedule.OpStore, schedule.Object{Class: schedule.ClassUser})
					n.Store(v + 1)
				})
			}
			group.Wait(rt)
			return int(n.Load())
		}
	}
	run := func(s sched.Strategy, own int) (sched.Record, int) {
		n := 0
		rec := sched.Run(s, sched.Options{}, func(rt *sched.Runtime) { n = adders(own)(rt) })
		return rec.Clone(), n
	}
	found, kept, deviated := 0, [2]int{}, 0
	for seed := range uint64(200) {
		rec, n := run(sched.Random(seed), 6)
		if n != 1 {
			continue
		}
		found++
		for i, s := range sched.Projections(&rec) {
			if _, n := run(s, 2); n == 1 {
				kept[i]++
			}
		}
		if _, n := run(sched.Deviate(rec.Schedule.Deviations), 2); n == 1 {
			deviated++
		}
	}
	if found < 20 || kept[1] != found || kept[0]+kept[1] <= deviated {
		t.Errorf("of %d lost updates, %d are lost by the same turns, %d by the same steps in their order, and %d by the same deviations", found, kept[0], kept[1], deviated)
	}
}

// TestProjectionOnItself: the projection of a run on the same program is that run.
func TestProjectionOnItself(t *testing.T) {
	program := func(rt *sched.Runtime) {
		var mu sched.Mutex
		var group sched.WaitGroup
		group.Add(rt, 3)
		for i := range 3 {
			rt.Go("task", i, func() {
				defer group.Done(rt)
				for range 3 {
					mu.Lock(rt)
					mu.Unlock(rt)
				}
			})
		}
		group.Wait(rt)
	}
	for seed := range uint64(50) {
		rec := sched.Run(sched.POS(seed), sched.Options{}, program).Clone()
		for i, s := range sched.Projections(&rec) {
			if again := sched.Run(s, sched.Options{}, program); again.Schedule.Hash != rec.Schedule.Hash {
				t.Errorf("seed %d, projection %d: another run", seed, i)
			}
		}
	}
}
