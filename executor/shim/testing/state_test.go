//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	stdtesting "testing"

	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/testing"
)

// TestSecondRun: a test that passes in the first run of its process, and not in the second, is not accused, but gets a process for each
// schedule; so does one whose first run is too long to end.
func TestSecondRun(t *stdtesting.T) {
	for name, steps := range map[string]int{"short": 10, "long": 1000} {
		runs := 0
		f, done := one(t, testing.Search{Schedules: 20, Settings: testing.Settings{MaxSteps: 500}}, func(t *testing.T) {
			if runs++; runs > 1 {
				t.Error("there already")
			}
			var mu sync.Mutex
			for range steps / 2 {
				mu.Lock()
				mu.Unlock()
			}
		})
		if f != nil || done.Isolate == "" {
			t.Errorf("%s: %+v %+v", name, f, done)
		}
	}
}

// TestDoubt: a test that fails for what it sees of the scheduler is not accused.
func TestDoubt(t *stdtesting.T) {
	for name, look := range map[string]func(){
		"stacks":    func() { runtime.Stack(make([]byte, 1), true) },
		"benchmark": func() { testing.Benchmark(func(b *stdtesting.B) { b.SkipNow() }) },
	} {
		f, _ := one(t, testing.Search{Schedules: 1}, func(t *testing.T) {
			look()
			t.Error("more than expected")
		})
		if f == nil || f.Kind != testing.Uncontrolled {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestStepLimitIsNotMinimised: a run without end proves nothing, and costs all its steps in every try.
func TestStepLimitIsNotMinimised(t *stdtesting.T) {
	runs := 0
	f, _ := one(t, testing.Search{Schedules: 1, Settings: testing.Settings{MaxSteps: 100}}, func(*testing.T) {
		runs++
		var mu sync.Mutex
		for {
			mu.Lock()
			mu.Unlock()
		}
	})
	// The default schedule, twice with more steps, for the report, and another schedule, as a search does.
	if f == nil || f.Kind != testing.StepLimit || runs > 8 {
		t.Errorf("%d runs: %+v", runs, f)
	}
}
