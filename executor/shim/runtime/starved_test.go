//go:build go1.26

package runtime_test

import (
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
)

// starving lets time pass whenever it may; else the first task goes on, and another one has no turn for thousands of steps.
type starving struct{}

func (starving) Choose(p *sched.Point) int {
	for _, wanted := range []int32{sched.Clock, 0} {
		at := slices.IndexFunc(p.Enabled, func(e sched.Choice) bool { return e.Task == wanted })
		if at >= 0 && (wanted == sched.Clock || p.Step < 5000) {
			return at
		}
	}
	return len(p.Enabled) - 1
}

// TestTimeWaitsForTheStarved: however long a task waits in a loop for another one that gets no turn, no time passes, as it would not on
// any machine; when all who can run wait in such loops, it does.
func TestTimeWaitsForTheStarved(t *testing.T) {
	for _, c := range []struct {
		name  string
		frees bool // the other task ends the waiting, when it gets a turn
	}{{"starved", true}, {"all wait", false}} {
		t.Run(c.name, func(t *testing.T) {
			passed := false
			var runner sched.Runner
			record := task.Run(&runner, starving{}, task.Options{MaxSteps: 40_000, PatientClock: true}, func() {
				var taken, late atomic.Int32
				taken.Store(1)
				time.AfterFunc(3*time.Second, func() { late.Store(1) })
				task.Go(func() {
					if c.frees {
						taken.Store(0)
						return
					}
					for taken.Load() == 1 && late.Load() == 0 {
						runtime.Gosched()
					}
				})
				for !taken.CompareAndSwap(0, 1) && late.Load() == 0 {
					runtime.Gosched()
				}
				passed = late.Load() == 1
			})
			if passed == c.frees || record.Stuck != nil {
				t.Errorf("three seconds have passed: %v; %v", passed, record.Stuck)
			}
		})
	}
}
