package checkers_test

import (
	"sync"
	"testing"

	"synchrony/checkers"
)

func TestRemember(t *testing.T) {
	calls := 0
	double := checkers.Remember(func(n int) int {
		calls++
		return 2 * n
	})
	for _, c := range []struct{ n, calls int }{{0, 1}, {0, 1}, {3, 2}, {3, 2}, {0, 3}} {
		if got := double(c.n); got != 2*c.n || calls != c.calls {
			t.Errorf("of %d: %d after %d calls, want %d after %d", c.n, got, calls, 2*c.n, c.calls)
		}
	}
}

// TestRememberAtOnce: goroutines that ask at once each get the answer to their own question.
func TestRememberAtOnce(t *testing.T) {
	double := checkers.Remember(func(n int) int { return 2 * n })
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 1000 {
				if n := (g + i) % 3; double(n) != 2*n {
					t.Errorf("of %d: %d", n, double(n))
				}
			}
		})
	}
	all.Wait()
}
