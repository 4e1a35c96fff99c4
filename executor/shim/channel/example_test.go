//go:build go1.26

package channel_test

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/task"
)

// A channel that two goroutines send to: which comes first is up to the schedule, and every schedule is run.
func Example() {
	firsts := map[int]bool{}
	coverage, err := task.Explore(task.Options{}, sched.Bounds{Preemptions: sched.Unbounded}, func() {
		c := make(chan int)
		for i := range 2 {
			task.Go(func() { channel.To(c).Send(i) })
		}
		firsts[channel.Recv(c)] = true
		channel.Recv(c)
	}, func(*sched.Record) {})
	fmt.Println(firsts, coverage.Complete, err)
	// Output: map[0:true 1:true] true <nil>
}
