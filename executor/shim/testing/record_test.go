//go:build go1.26

package testing_test

import (
	stdtesting "testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/testing"
	"synchrony/models/schedule"
)

// unlucky fails if an update is lost and a select then takes the second of two cases: for want of one deviation in the order of tasks, and one
// in a pick.
func unlucky(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 3 {
		wg.Go(func() {
			mu.Lock()
			v := n
			mu.Unlock()
			mu.Lock()
			n = v + 1
			mu.Unlock()
		})
	}
	wg.Wait()
	a, b := make(chan int, 1), make(chan int, 1)
	channel.To(a).Send(1)
	channel.To(b).Send(1)
	if channel.Select(false, channel.RecvCase(a), channel.RecvCase(b)) == 1 && n < 3 {
		t.Error("an update is lost")
	}
}

// alone runs a schedule as the only one of a search, and returns what is told of it.
func alone(t *stdtesting.T, s testing.Search) (*sched.Record, bool) {
	t.Helper()
	s.Schedules, s.Cold, s.Record = 1, true, true
	findings, done, err := testing.Try("Test", unlucky, s)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := done.Run.Record()
	if err != nil {
		t.Fatal(err)
	}
	return rec, len(findings) == 1 && findings[0].Kind == testing.Failed
}

// TestMinimiseElsewhere: what is told of a run is enough to minimise its schedule in another process.
func TestMinimiseElsewhere(t *stdtesting.T) {
	var devs []schedule.Deviation
	for first := 1; len(devs) < 3; first++ {
		if rec, fails := alone(t, testing.Search{First: first, Length: 40, Settings: testing.Settings{Seed: 7}}); fails {
			devs = rec.Schedule.Deviations
		}
	}
	runs := 0
	got := sched.Minimise(devs, func(s sched.Strategy) (*sched.Record, bool) {
		runs++
		return alone(t, testing.Search{Strategy: sched.Text(s)})
	})
	_, fails := alone(t, testing.Search{Strategy: sched.Text(sched.Deviate(got))})
	if len(got) != 2 || !fails {
		t.Errorf("%v comes down to %v, which fails: %t; after %d runs", devs, got, fails, runs)
	}
}

// TestRunRefused: what no process tells of a run is refused.
func TestRunRefused(t *stdtesting.T) {
	for name, r := range map[string]testing.Run{
		"no schedule":       {},
		"choices are short": {Schedule: "default", Tasks: []int32{0, 0}, Choices: []uint16{1}},
		"no such task":      {Schedule: "default", Tasks: []int32{-2}, Choices: []uint16{1}},
		"a task from where": {Schedule: "default", Tasks: []int32{1 << 30}, Choices: []uint16{1}},
		"a pick too late":   {Schedule: "default", Tasks: []int32{0}, Choices: []uint16{1}, Picks: []testing.Pick{{Step: 1}}},
		"a pick of nothing": {Schedule: "default", Tasks: []int32{0}, Choices: []uint16{1}, Picks: []testing.Pick{{Choice: -1}}},
	} {
		if rec, err := r.Record(); err == nil {
			t.Errorf("%s: %+v", name, rec)
		}
	}
}
