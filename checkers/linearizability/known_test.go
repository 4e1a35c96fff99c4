package linearizability

import (
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
)

// TestCheckKnowsLongHistories: of long and of wide histories it is known whether they are right, and where one is wrong.
func TestCheckKnowsLongHistories(t *testing.T) {
	for _, m := range Models() {
		if m.name == Barrier().name {
			continue
		}
		t.Run(m.Name(), func(t *testing.T) {
			wrong := 0
			for seed := range uint64(8) {
				s := choice.Seeded(seed)
				k := clients(m).Long(s, 20+choice.Below(s, 200))
				if !k.Right {
					wrong++
				}
				checkKnown(t, m, k, seed)
			}
			t.Logf("%d of 8 are wrong", wrong)
		})
	}
	for _, m := range []Model{Counter(), SharedState()} {
		for seed := range uint64(8) {
			checkKnown(t, m, histories.Wide(choice.Seeded(seed)), seed)
		}
	}
}

func checkKnown(t *testing.T, m Model, k histories.Known, seed uint64) {
	t.Helper()
	r := Check(m, k.Calls, unhurried)
	if r.Status == checkers.Unknown || (r.Status == checkers.Pass) != k.Right {
		t.Fatalf("seed %d: %v: %s; want right: %v\n%s", seed, r.Status, r.Reason, k.Right, history.FormatCalls(k.Calls))
	}
	if k.Right || k.Impossible < 0 {
		return
	}
	// Of calls that return together any may be the first that cannot be explained.
	elsewhere := r.Prefix >= 0 && k.Calls.Calls[r.Prefix].Returned != k.Calls.Calls[k.Impossible].Returned
	if !slices.Contains(r.Core, k.Impossible) || r.Minimal && len(r.Core) > 1 || elsewhere {
		t.Fatalf("seed %d: call %d is impossible; blamed %v (minimal: %v), prefix %d\n%s", seed, k.Impossible, r.Core, r.Minimal, r.Prefix, history.FormatCalls(k.Calls))
	}
}

// TestWaitsAgreeWithTheDefinition compares verdicts on waits at barriers with all orders.
func TestWaitsAgreeWithTheDefinition(t *testing.T) {
	wrong, n := 0, tries(2000)
	for seed := range uint64(n) {
		h := histories.Waits(choice.Seeded(seed))
		want := history.Linearizable(h, history.NewObjects(nil))
		if !want {
			wrong++
		}
		if r := Check(Barrier(), h, unhurried); r.Status == checkers.Unknown || (r.Status == checkers.Pass) != want {
			t.Fatalf("seed %d: %v: %s; want %v\n%s", seed, r.Status, r.Reason, want, history.FormatCalls(h))
		}
	}
	t.Logf("%d right, %d wrong", n-wrong, wrong)
	if wrong < n/10 || wrong > n-n/10 {
		t.Errorf("%d of %d histories were wrong: too one-sided to test anything", wrong, n)
	}
}
