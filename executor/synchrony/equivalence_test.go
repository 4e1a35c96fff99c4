package synchrony

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"go.uber.org/goleak"

	"synchrony/models/batch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shapes cover contention from none to all on one account, both forms, failures,
// after clauses and cycles.
var shapes = []shape{
	{transactions: 40, accounts: 80},
	{transactions: 40, accounts: 10},
	{transactions: 40, accounts: 2, goForm: 0.3},
	{transactions: 30, accounts: 1},
	{transactions: 60, accounts: 20, goForm: 0.5},
	{transactions: 60, accounts: 40, failing: 0.05, goForm: 0.3},
	{transactions: 30, accounts: 10, failing: 0.5, goForm: 0.5},
	{transactions: 30, accounts: 30, after: 0.3},
	{transactions: 12, accounts: 12, after: 0.2, backward: true, failing: 0.1},
	{transactions: 25, accounts: 60, after: 0.1, backward: true, failing: 0.2, goForm: 0.4},
	{transactions: 20, accounts: 10, work: 0.3, failing: 0.1, goForm: 0.2},
}

var modes = []batch.Mode{batch.Auto, batch.Parallel, batch.Serial, batch.Blocking}

func TestRandomBatchesEqualTheSpecification(t *testing.T) {
	var committed, failed, cycles int
	for seed := range uint64(12) {
		for i, s := range shapes {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			b := randomBatch(t, rng, s)
			want := batch.RunSerially(b)
			switch {
			case want.Cycle != nil:
				cycles++
			case want.Failure != nil:
				failed++
			default:
				committed++
			}
			workers := 1 + int(seed+uint64(i))%16
			for _, mode := range modes {
				t.Run(fmt.Sprintf("seed=%d/shape=%d/mode=%v", seed, i, mode), func(t *testing.T) {
					runAndCheck(t, nil, b, want, batch.Setup{Workers: workers, Mode: mode, Observers: 2})
				})
			}
		}
	}
	t.Logf("%d committed, %d failed, %d had cycles", committed, failed, cycles)
	if committed == 0 || failed == 0 || cycles == 0 {
		t.Error("the batches do not cover every outcome")
	}
}
