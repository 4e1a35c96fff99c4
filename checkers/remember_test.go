package checkers_test

import (
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
