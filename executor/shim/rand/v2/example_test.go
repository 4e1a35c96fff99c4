//go:build go1.26

package rand_test

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/executor/shim/rand/v2"
	"synchrony/executor/shim/task"
)

// In a controlled run the numbers are the same in each run of a schedule.
func Example() {
	var r sched.Runner
	drawn := func() (list [3]int) {
		task.Run(&r, sched.Default(), task.Options{Seed: 7}, func() {
			for i := range list {
				list[i] = rand.IntN(1000)
			}
		})
		return list
	}
	first, second := drawn(), drawn()
	fmt.Println(first == second)
	// Output: true
}
