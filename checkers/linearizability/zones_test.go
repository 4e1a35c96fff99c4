package linearizability

import (
	"math/rand/v2"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/generators/choice"
	"synchrony/models/history"
)

// TestZonesAgreeWithTheDefinition judges registers of which each value is written once, without a search.
func TestZonesAgreeWithTheDefinition(t *testing.T) {
	m := Register()
	m.actions = []history.ActionKind{history.ReadKey, history.WriteKey}
	counts := map[checkers.Status]int{}
	for seed := range uint64(tries(4000)) {
		rng := rand.New(rand.NewPCG(seed, 36))
		h := clients(m).Draw(choice.Seeded(seed))
		rename := map[history.Value]history.Value{}
		for i := range h.Calls {
			c := &h.Calls[i]
			c.Actions[0].Key = "x"
			if a := &c.Actions[0]; a.Kind == history.WriteKey {
				unique := history.NumberOf(int64(100 + i))
				rename[a.Value], a.Value = unique, unique
			} else if v, ok := rename[a.Value]; ok && rng.IntN(8) > 0 {
				a.Value = v
			}
		}
		h.Initial = h.Initial[:min(1, len(h.Initial))]
		for i := range h.Initial {
			h.Initial[i].Key = "x"
		}
		parts := partition(m, h)
		if len(parts) == 0 {
			continue
		}
		status, refuted := monitored(m, h, parts[0], h.Initial)
		counts[status]++
		if status == checkers.Unknown {
			continue // times of a process touch
		}
		if want := history.Linearizable(h, history.NewObjects(h.Initial)); (status == checkers.Pass) != want {
			t.Fatalf("seed %d: %v, want linearizable: %v\n%s", seed, status, want, history.FormatCalls(h))
		}
		if status == checkers.Fail {
			blamed := refuted.calls
			r := compile(m, h, blamed, h.Initial).check(newClock(-1), DefaultMaxCalls)
			if r.Status != checkers.Fail || slices.ContainsFunc(r.Core, func(i int) bool { return !slices.Contains(blamed, i) }) {
				t.Fatalf("seed %d: %v: blamed %v, and the core is %v\n%s", seed, r.Status, blamed, r.Core, history.FormatCalls(h))
			}
		}
	}
	if counts[checkers.Pass] < 500 || counts[checkers.Fail] < 200 {
		t.Errorf("verdicts: %v", counts)
	}
}

// TestBlameOfWhatWasReplacedTwice: what shows that a call of unknown outcome took effect is to blame, too.
func TestBlameOfWhatWasReplacedTwice(t *testing.T) {
	h, err := history.ParseCalls("h", "call p0 1ns 2ns write x 1\ncall p1 3ns cas x 1 -> 2 ok\ncall p2 5ns 6ns cas x 2 -> 3 ok\ncall p3 7ns 8ns cas x 1 -> 4 ok\n")
	if err != nil {
		t.Fatal(err)
	}
	m := Register()
	status, refuted := monitored(m, h, partition(m, h)[0], nil)
	if status != checkers.Fail || !slices.Equal(refuted.calls, []int{0, 1, 2, 3}) {
		t.Errorf("%v %+v", status, refuted)
	}
}
