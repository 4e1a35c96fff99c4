package executor_test

import (
	"context"
	"fmt"

	"synchrony/executor"
	"synchrony/executor/sched"
)

// A system runs a workload, and returns what the run showed.
func Example() {
	var s executor.System[int, int] = double{}
	o, err := s.Run(context.Background(), nil, 21)
	fmt.Println(s.Name(), o, err)
	// Output: double 42 <nil>
}

// double is a system with nothing in it that runs at once.
type double struct{}

func (double) Name() string { return "double" }

func (double) Run(_ context.Context, _ *sched.Runtime, w int) (int, error) {
	return 2 * w, nil
}
