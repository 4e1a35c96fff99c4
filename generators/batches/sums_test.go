package batches

import (
	"math"
	"slices"
	"testing"

	"synchrony/models/batch"
)

// TestSums: the last transaction alone fails, by one, and only after the others; or the account ends at the end of the int64s.
func TestSums(t *testing.T) {
	down := 0
	for seed := range 100 {
		w := Sums(8, false).Example(seed).Workload
		n := len(w.Batch.Transactions)
		o := batch.RunSerially(w.Batch)
		if n < 2 || n > 8 || o.Failure == nil || o.Failure.Kind != batch.ArithmeticFailed || o.Failure.Tx != n-1 || !WouldSucceed(w.Batch, n-1) {
			t.Fatalf("seed %d: %d transactions, %+v", seed, n, o.Failure)
		}
		w = Sums(8, true).Example(seed).Workload
		o = batch.RunSerially(w.Batch)
		switch {
		case o.Failure != nil:
			t.Fatalf("seed %d: %+v", seed, o.Failure)
		case slices.Contains(o.Balances, math.MinInt64):
			down++
		case !slices.Contains(o.Balances, math.MaxInt64):
			t.Fatalf("seed %d: the sum has room left: %v", seed, o.Balances)
		}
	}
	if down < 20 || down > 80 {
		t.Errorf("%d of 100 sums go down", down)
	}
}
