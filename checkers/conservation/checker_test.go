package conservation

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// TestSumsBeyond64Bits moves the largest balances there are: their sum does not fit
// in 64 bits, and a change of 2⁶⁴ would be no change in them.
func TestSumsBeyond64Bits(t *testing.T) {
	b := batch.NewBuilder()
	for _, name := range []string{"a", "b", "c", "d"} {
		b.Account(name, 1)
	}
	accounts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	o := trace.Observation{
		Outcome: history.Committed,
		Initial: []int64{math.MaxInt64, math.MaxInt64, 1, 1},
		Final:   []int64{math.MaxInt64, math.MaxInt64, 1, 1},
	}
	if v := New().Check(batch.Workload{Batch: accounts}, o); v.Status != checkers.Pass {
		t.Error(v)
	}
	o.Final = []int64{math.MinInt64, math.MaxInt64, 1, 0} // 2⁶⁴ less, in 65 bits
	if v := New().Check(batch.Workload{Batch: accounts}, o); v.Rule != "sum changed" {
		t.Error(v)
	}
}

// TestSpoiledRunsAreCaught changes one number of right runs.
func TestSpoiledRunsAreCaught(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 6))
		w, o := simulate.Run(rng, simulate.Options{Transactions: 1 + rng.IntN(20), Accounts: 2 + rng.IntN(5), Workers: 3, Observers: 2})
		o.Events, o.Final = slices.Clone(o.Events), slices.Clone(o.Final)
		writes := slices.IndexFunc(o.Events, func(e trace.Event) bool { return e.Kind == trace.Write })
		want := []string{"sum changed"}
		switch {
		case rng.IntN(2) == 0 && writes >= 0:
			o.Events[writes].New += 1 - 2*int64(rng.IntN(2))
			want = []string{"minted", "burned"}
		case rng.IntN(2) == 0:
			o.Final[0]++
			o.Final[1]--
			want = []string{"broken chain"}
		default:
			o.Final[rng.IntN(len(o.Final))]++
		}
		if v := New().Check(w, o); !slices.Contains(want, v.Rule) {
			t.Fatalf("seed %d: %v %s: %s, want %v", seed, v.Status, v.Rule, v.Reason, want)
		}
	}
}
