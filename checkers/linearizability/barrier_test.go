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
	wrong := 0
	for seed := range uint64(2000) {
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
	if wrong < 200 || wrong > 1800 {
		t.Errorf("%d of 2000 histories were wrong: too one-sided to test anything", wrong)
	}
}

// touching reports whether a call begins when the one before it of its process ends. They are in order all the same, which cannot be
// said of calls that are given to processes of their own.
func touching(h *history.Calls) bool {
	ends := map[int32]time.Duration{}
	for _, c := range h.Calls {
		if end, ok := ends[c.Process]; ok && end == c.Invoked {
			return true
		}
		ends[c.Process] = c.Returned
	}
	return false
}

// TestCoreRefutes holds the calls to blame to be so: as a history of their own, with the
// effects of the others free to happen or not, they cannot be explained, and without any
// one of them they can.
func TestCoreRefutes(t *testing.T) {
	tried := 0
	for _, m := range []Model{Register(), KV(), Bank(), SharedState(), ListAppend(), RWRegister()} {
		for seed := range uint64(900) {
			h := randomCalls(rand.New(rand.NewPCG(seed, 35)), m)
			r := Check(m, h, unhurried)
			if r.Status != checkers.Fail || touching(h) {
				continue
			}
			tried++
			if !r.Minimal || len(r.Core) == 0 {
				t.Fatalf("%s: seed %d: core %v of a small history, minimal: %v", m.name, seed, r.Core, r.Minimal)
			}
			for spared := range len(r.Core) + 1 {
				weaker := &history.Calls{Initial: h.Initial}
				in := map[int]bool{}
				for i, c := range r.Core {
					in[c] = i != spared
				}
				end := h.Calls[max(r.Prefix, 0)].Returned
				for i, c := range h.Calls {
					if c.Invoked > end {
						continue
					}
					if !in[i] && !c.Pending() { // one that never returned stays in the order of its process
						c.Process, c.Returned = int32(100+i), history.Forever
					}
					weaker.Calls = append(weaker.Calls, c)
				}
				if got := linearizable(weaker); got != (spared < len(r.Core)) {
					t.Fatalf("%s: seed %d: core %v without its call %d: linearizable: %v\n%s", m.name, seed, r.Core, spared, got, history.FormatCalls(h))
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d histories were wrong", tried)
	}
}
