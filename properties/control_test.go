package properties_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// system is an adder whose way to add is given.
type system func(rt *sched.Runtime, w shares) int

func (system) Name() string { return "adder" }

func (s system) Run(_ context.Context, rt *sched.Runtime, w shares) (int, error) {
	return s(rt, w), nil
}

func of(s executor.System[shares, int]) *properties.Property[shares, int] {
	p := property(adder{}, total{})
	p.System = s
	return p
}

// goroutines adds on goroutines of its own; every seventh run loses the last share.
func goroutines(runs *atomic.Int64, loses bool) system {
	return func(_ *sched.Runtime, w shares) int {
		var group sync.WaitGroup
		var sum atomic.Int64
		if loses && len(w) > 0 && runs.Add(1)%7 == 3 {
			w = w[1:]
		}
		for _, n := range w {
			group.Go(func() { sum.Add(int64(n)) })
		}
		group.Wait()
		return int(sum.Load())
	}
}

// TestUncontrolled: what the scheduler does not control is said to be so, and counts neither as
// schedules nor as covered.
func TestUncontrolled(t *testing.T) {
	requests := make(chan func())
	go func() {
		for f := range requests {
			f()
		}
	}()
	defer close(requests)
	order := 0
	for name, c := range map[string]struct {
		system system
		why    string
	}{
		"goroutines of its own": {goroutines(nil, false), "starts goroutines of its own"},
		"a pool made before": {func(_ *sched.Runtime, w shares) int {
			sum, done := 0, make(chan struct{})
			requests <- func() {
				for _, n := range w {
					sum += n
				}
				close(done)
			}
			<-done
			return sum
		}, "no case took a step on the runtime"},
		"another order each time": {func(rt *sched.Runtime, w shares) int {
			sum := 0
			order++
			for i, n := range w {
				rt.Yield(schedule.OpWrite, schedule.Object{Class: schedule.ClassUser, Index: int32(i + order%2)})
				sum += n
			}
			return sum
		}, "step 1 was t0 write user/"},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, of(c.system), spec(20))
			if why := r.Lost(); !strings.Contains(why, c.why) {
				t.Errorf("it is %q that was not under control, want %q", why, c.why)
			}
			if r.Covered != 0 || r.Stress == 0 || r.Status() != checkers.Pass {
				t.Errorf("got %+v", r)
			}
			for _, s := range r.Strategies {
				t.Errorf("%d runs are said to be schedules by %s", s.Schedules, s.Name)
			}
		})
	}
}

// TestControlled: a system on the runtime is under control, also in cases that end before it
// takes a step.
func TestControlled(t *testing.T) {
	r := run(t, property(adder{locked: true}, total{}), spec(30))
	if why := r.Lost(); why != "" || r.Covered == 0 {
		t.Errorf("%q %+v", why, r)
	}
}

// TestFindingsAreNotLost: a failure that comes now and then is one, with how often it comes.
func TestFindingsAreNotLost(t *testing.T) {
	var runs atomic.Int64
	r := run(t, of(goroutines(&runs, true)), spec(20))
	if len(r.Failures) != 1 {
		t.Fatalf("got %+v", r)
	}
	f := r.Failures[0]
	if f.Runs != 20 || f.Hits == 0 || f.Hits == f.Runs || !strings.Contains(f.Repeats(), "of 20 repeats") {
		t.Errorf("failed %d of %d times: %q", f.Hits, f.Runs, f.Repeats())
	}
	if strings.Contains(f.Text, "-- schedule --") {
		t.Errorf("there is no schedule to replay:\n%s", f.Text)
	}
}
