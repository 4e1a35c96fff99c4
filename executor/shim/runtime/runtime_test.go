//go:build go1.26

package runtime_test

import (
	"fmt"
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
)

// TestEveryScheduleOfYields: who lets others go first may go on at any time, and an exploration that is complete has tried that; a loop that is
// known to wait is not tried with every number of turns.
func TestEveryScheduleOfYields(t *testing.T) {
	for name, c := range map[string]struct {
		program func(say func(any))
		want    []string
	}{
		"yields": {func(say func(any)) {
			var x atomic.Int32
			task.Go(func() {
				runtime.Gosched()
				runtime.Gosched()
				x.Store(1)
			})
			say(x.Load())
		}, []string{"0", "1"}},
		"bounded wait": {func(say func(any)) {
			var flag, gaveUp atomic.Bool
			task.Go(func() {
				for i := 0; i < 3 && !flag.Load(); i++ {
					runtime.Gosched()
				}
				gaveUp.Store(true)
			})
			say(gaveUp.Load())
		}, []string{"false", "true"}},
		"wait": {func(say func(any)) {
			var flag atomic.Bool
			var wg sync.WaitGroup
			wg.Go(func() {
				for !flag.Load() {
					runtime.Spin()
					runtime.Gosched()
				}
				say("seen")
			})
			flag.Store(true)
			wg.Wait()
		}, []string{"seen"}},
	} {
		var got []string
		cov, err := task.Explore(task.Options{}, sched.Bounds{Preemptions: sched.Unbounded, Schedules: 100}, func() {
			c.program(func(x any) { got = append(got, fmt.Sprint(x)) })
		}, func(r *sched.Record) {
			if r.Stuck != nil {
				t.Errorf("%s: %v", name, r.Stuck)
			}
		})
		slices.Sort(got)
		if got = slices.Compact(got); err != nil || !cov.Complete || !slices.Equal(got, c.want) {
			t.Errorf("%s: found %q of %q, %+v, %v", name, got, c.want, cov, err)
		}
	}
}
