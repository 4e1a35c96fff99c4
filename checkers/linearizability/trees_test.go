package linearizability

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTrees compares both trees with plain lists.
func TestTrees(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 64))
		n := 1 + rng.IntN(20)
		g, o := newGreatest(n), newOverlaps(n)
		values, counts := make([]int, n), make([]int, n)
		for range 60 {
			from := rng.IntN(n)
			to := from + rng.IntN(n-from) + 1
			i := rng.IntN(n)
			values[i] = rng.IntN(4)
			g.set(i, values[i])
			want := from
			for k := from; k < to; k++ {
				if values[k] > values[want] {
					want = k
				}
			}
			if values[want] == 0 {
				want = -1
			}
			if got := g.in(from, to); got != want {
				t.Fatalf("seed %d: the greatest of %v from %d to %d is %d, want %d", seed, values, from, to, got, want)
			}
			by := 1
			if rng.IntN(2) == 0 && slices.Min(counts[from:to]) > 0 {
				by = -1
			}
			o.add(from, to, by)
			for k := from; k < to; k++ {
				counts[k] += by
			}
			low := rng.IntN(n)
			high := low + rng.IntN(n-low+1)
			want = slices.Index(counts[low:high], 0)
			if want >= 0 {
				want += low
			}
			if got := o.none(low, high); got != want {
				t.Fatalf("seed %d: the first of %v from %d to %d that is 0 is %d, want %d", seed, counts, low, high, got, want)
			}
		}
	}
}
