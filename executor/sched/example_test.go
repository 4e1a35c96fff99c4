package sched_test

import (
	"fmt"
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// A lost update takes one deviation from the default schedule.
func Example() {
	var value atomic.Int64 // each access is announced, and the tasks run one at a time all the same
	program := func(rt *sched.Runtime) {
		value.Store(0)
		x := schedule.Object{Class: schedule.ClassUser}
		for i := range 2 {
			rt.Go("worker", i, func() {
				rt.Yield(schedule.OpLoad, x)
				v := value.Load()
				rt.Yield(schedule.OpStore, x)
				value.Store(v + 1)
			})
		}
	}
	base := sched.Run(sched.Default(), sched.Options{}, program)
	fmt.Println("by default", value.Load())
	for d := range sched.SingleDeviations(base) {
		if sched.Run(sched.Deviate([]schedule.Deviation{d}), sched.Options{}, program); value.Load() != 2 {
			fmt.Println("with one deviation", value.Load())
			break
		}
	}
	// Output:
	// by default 2
	// with one deviation 1
}
