package sched_test

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// A lost update takes one deviation from the default schedule.
func Example() {
	value := 0
	program := func(rt *sched.Runtime) {
		value = 0
		x := schedule.Object{Class: schedule.ClassUser}
		for i := range 2 {
			rt.Go("worker", i, func() {
				rt.Yield(schedule.OpLoad, x)
				v := value
				rt.Yield(schedule.OpStore, x)
				value = v + 1
			})
		}
	}
	base := sched.Run(sched.Default(), sched.Options{}, program)
	fmt.Println("by default", value)
	for d := range sched.SingleDeviations(base) {
		if sched.Run(sched.Deviate([]schedule.Deviation{d}), sched.Options{}, program); value != 2 {
			fmt.Println("with one deviation", value)
			break
		}
	}
	// Output:
	// by default 2
	// with one deviation 1
}
