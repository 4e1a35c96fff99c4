//go:build go1.26

package maps_test

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/executor/shim/maps"
	"synchrony/executor/shim/task"
)

// In a controlled run a range over a map comes in the order of its keys, in each run of a schedule.
func Example() {
	var r sched.Runner
	task.Run(&r, sched.Default(), task.Options{}, func() {
		for it, k, v := maps.Range(map[string]int{"b": 2, "a": 1, "c": 3}); it.Next(&k, &v); {
			fmt.Println(k, v)
		}
	})
	// Output:
	// a 1
	// b 2
	// c 3
}
