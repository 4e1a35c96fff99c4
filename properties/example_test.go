package properties_test

import (
	"context"
	"fmt"
	"sync/atomic"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// A property draws workloads, searches schedules, shrinks what fails and replays it.
func Example() {
	p := &properties.Property[int, int]{
		ID: "counter", Statement: "every worker is counted", System: hastyCounter{}, Generator: rapid.IntRange(1, 4),
		Checkers: []checkers.Checker[int, int]{checkers.New("count", func(workers, counted int) checkers.Verdict {
			if workers != counted {
				return checkers.Failed("lost update", "an addition was lost")
			}
			return checkers.Passed()
		})},
		Size: func(workers int) int { return workers },
	}
	r, err := p.Run(context.Background(), properties.Spec{Seed: 1, Count: 20, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := r.Failures[0]
	fmt.Printf("%v: %s with %d workers and %d deviation, replayed: %v\n", r.Status(), f.Rule, f.Size, f.Deviations, f.Replayed)
	// Output: fail: lost update with 2 workers and 1 deviation, replayed: true
}

// hastyCounter is a system whose workers do not lock what they count in.
type hastyCounter struct{}

func (hastyCounter) Name() string { return "counter" }

func (hastyCounter) Run(_ context.Context, rt *sched.Runtime, workers int) (int, error) {
	var group sched.WaitGroup
	var value atomic.Int64
	x := schedule.Object{Class: schedule.ClassUser}
	group.Add(rt, workers)
	for i := range workers {
		rt.Go("worker", i, func() {
			defer group.Done(rt)
			rt.Yield(schedule.OpLoad, x)
			v := value.Load()
			rt.Yield(schedule.OpStore, x)
			value.Store(v + 1)
		})
	}
	group.Wait(rt)
	return int(value.Load()), nil
}
