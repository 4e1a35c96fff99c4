//go:build go1.26

package testing_test

import (
	stdtesting "testing"

	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/testing"
)

// TestSchedulesCounted: a search counts as many schedules as it was asked for, wherever it begins, and exploration those that there are: what
// is run to compare with is not among them.
func TestSchedulesCounted(t *stdtesting.T) {
	locks := func(*testing.T) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				mu.Lock()
				//lint:ignore SA2001 the pair is a step that others notice
				mu.Unlock()
			})
		}
		wg.Wait()
	}
	for _, c := range []struct {
		search testing.Search
		want   int
	}{
		{testing.Search{Schedules: 1}, 1},
		{testing.Search{Schedules: 64}, 64},
		{testing.Search{Schedules: 250}, 250}, // the default schedule is repeated meanwhile
		{testing.Search{Schedules: 1, First: 64}, 1},
		{testing.Search{Schedules: 36, First: 64}, 36},
		{testing.Search{Schedules: 3, Explore: true}, 3},
	} {
		f, done := one(t, c.search, locks)
		runs := 0
		for _, n := range done.Kinds {
			runs += n
		}
		if f != nil || done.Schedules != c.want || runs != c.want {
			t.Errorf("%+v: %d schedules, %d judged, want %d; %+v", c.search, done.Schedules, runs, c.want, f)
		}
	}
}
