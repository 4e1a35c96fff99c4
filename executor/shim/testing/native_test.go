//go:build go1.26

package testing_test

import (
	stdsync "sync"
	stdtesting "testing"

	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
)

// TestCompleteUnderControl: an exploration is complete if no goroutine beside the tasks had a part in any schedule. That something is started
// once, as the Go runtime starts goroutines of its own, does not count.
func TestCompleteUnderControl(t *stdtesting.T) {
	start := func() {
		done := make(chan struct{})
		go close(done)
		<-done
	}
	rarely := func(f func()) func(*testing.T) {
		return func(*testing.T) {
			var x atomic.Int32
			task.Go(func() { x.Store(1) })
			if x.Load() == 1 {
				f()
			}
		}
	}
	ask := make(chan *sync.Mutex)
	defer close(ask)
	go func() {
		for mu := range ask {
			mu.TryLock()
			ask <- nil
		}
	}()
	var once stdsync.Once
	for name, c := range map[string]struct {
		f        func(*testing.T)
		complete bool
	}{
		"under control":         {rarely(func() {}), true},
		"started in a schedule": {rarely(start), false},
		"started once":          {rarely(func() { once.Do(start) }), true},
		"touched in a schedule": {rarely(func() {
			var mu sync.Mutex
			mu.Lock()
			ask <- &mu
			<-ask
			mu.Unlock()
		}), false},
		"left behind": {func(*testing.T) {
			var mu sync.Mutex
			mu.Lock()
			task.Go(mu.Lock)
		}, true},
	} {
		if _, done := one(t, testing.Search{Explore: true, Schedules: 100}, c.f); done.Complete != c.complete || done.Isolate != "" {
			t.Errorf("%s: %+v", name, done)
		}
	}
}
