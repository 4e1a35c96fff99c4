//go:build go1.26

package runtime_test

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/task"
)

// In a controlled run the goroutines are the run's tasks.
func Example() {
	var r sched.Runner
	task.Run(&r, sched.Default(), task.Options{}, func() {
		task.Go(func() {})
		fmt.Println(runtime.NumGoroutine())
		runtime.Gosched()
	})
	// Output: 2
}
