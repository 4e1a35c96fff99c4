package linearizability

import (
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// barrierPasses is the definition for histories in which every process waits as often,
// as all parties do, in rounds: each wait of a round was invoked before any wait of the
// round returns.
func barrierPasses(h *history.Calls, parties int) bool {
	round := map[int32]int{}
	var invoked []time.Duration // by round: the last invocation
	var returned []time.Duration
	for _, c := range h.Calls {
		r := round[c.Process]
		round[c.Process]++
		for len(invoked) <= r {
			invoked, returned = append(invoked, 0), append(returned, history.Forever)
		}
		invoked[r], returned[r] = max(invoked[r], c.Invoked), min(returned[r], c.Returned)
	}
	for r := range invoked {
		if returned[r] < invoked[r] {
			return false
		}
	}
	return true
}

// TestBarrierAgreesWithTheDefinition plays parties that meet several times, and now and
// then one that does not wait for the others.
func TestBarrierAgreesWithTheDefinition(t *testing.T) {
	wrong, n := 0, tries(2000)
	for seed := range uint64(n) {
		rng := rand.New(rand.NewPCG(seed, 34))
		parties := 2 + rng.IntN(3)
		h := &history.Calls{}
		free := make([]time.Duration, parties)
		for range 1 + rng.IntN(3) {
			last := time.Duration(0)
			invoked := make([]time.Duration, parties)
			for p := range parties {
				invoked[p] = free[p] + time.Duration(1+rng.IntN(9))
				last = max(last, invoked[p])
			}
			for p := range parties {
				returned := last + time.Duration(rng.IntN(5))
				if rng.IntN(10) == 0 {
					returned = invoked[p] + time.Duration(rng.IntN(9))
				}
				free[p] = returned
				h.Calls = append(h.Calls, history.Call{
					Process: int32(p), Invoked: invoked[p], Returned: returned,
					Actions: []history.Action{{Kind: history.AwaitAll, Key: "b", Delta: int64(parties), OK: true}},
				})
			}
		}
		want := barrierPasses(h, parties)
		if !want {
			wrong++
		}
		if r := Check(Barrier(), h, unhurried); (r.Status == checkers.Pass) != want || r.Status == checkers.Unknown {
			t.Fatalf("seed %d: %v: %s; want %v\n%s", seed, r.Status, r.Reason, want, history.FormatCalls(h))
		}
	}
	t.Logf("%d right, %d wrong", n-wrong, wrong)
	if wrong < n/10 || wrong > n-n/10 {
		t.Errorf("%d of %d histories were wrong: too one-sided to test anything", wrong, n)
	}
}
