//go:build go1.26

package testing

import "testing"

// TestMinimisingSteps: to minimise takes a few times as long as to search, and always enough for what was found at once.
func TestMinimisingSteps(t *testing.T) {
	for searched, want := range map[int64]int64{0: fewestSteps, 1000: fewestSteps, 5_000_000: 10_000_000, 1_000_000_000: mostSteps} {
		if got := minimisingSteps(searched); got != want {
			t.Errorf("after %d steps %d, want %d", searched, got, want)
		}
	}
}
