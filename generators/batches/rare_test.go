package batches

import (
	"math"
	"slices"
	"testing"

	"synchrony/models/batch"
)

// TestTwoCyclesApart: some batches have two cycles without a transaction in common, of which one leads to the other.
func TestTwoCyclesApart(t *testing.T) {
	apart := 0
	for _, w := range cases(300, Cyclic()) {
		ts := w.Batch.Transactions
		var mutual [][2]int
		for i := range ts {
			for j := range i {
				if slices.Contains(ts[i].After, ts[j].ID) && slices.Contains(ts[j].After, ts[i].ID) {
					mutual = append(mutual, [2]int{j, i})
				}
			}
		}
		for _, m := range mutual {
			for _, n := range mutual {
				if m[1] < n[0] && waits(ts, n[0], m[0]) && !waits(ts, m[0], n[0]) {
					apart++
				}
			}
		}
	}
	if apart < 15 {
		t.Errorf("%d batches of 300 have two cycles apart", apart)
	}
}

// TestLeastDividedByMinusOne: some batches fail because the least number is divided by -1.
func TestLeastDividedByMinusOne(t *testing.T) {
	met := 0
	for _, w := range cases(300, Failing()) {
		f := batch.RunSerially(w.Batch, w.Setup.Panics...).Failure
		if f == nil || f.Kind != batch.ArithmeticFailed {
			continue
		}
		call := w.Batch.Transactions[f.Tx].Call
		if n := len(call.Args); call.Args[n-1].Amount == -1 && w.Batch.Accounts[call.Args[0].Account].Balance == math.MinInt64 {
			met++
		}
	}
	if met < 2 {
		t.Errorf("%d batches of 300 divide the least number by -1", met)
	}
}

// TestFans: each has a worker for each transaction, and more than eight become ready at once.
func TestFans(t *testing.T) {
	for seed := range 50 {
		w := Fans(32).Example(seed).Workload
		if n := len(w.Batch.Transactions); n <= 9 || n > 32 || w.Setup.Workers != n {
			t.Fatalf("seed %d: %d transactions, %d workers", seed, n, w.Setup.Workers)
		}
		if err := w.Batch.Validate(); err != nil {
			t.Fatal(err)
		}
	}
}
