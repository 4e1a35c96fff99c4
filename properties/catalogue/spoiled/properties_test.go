package spoiled

import (
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

func run(t *testing.T, p properties.Testable, cases int) properties.Result {
	t.Helper()
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: cases, Budget: properties.Budget{Shrink: 200}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheckersRefuse(t *testing.T) {
	for _, p := range Properties() {
		r := run(t, p, 120)
		for _, f := range r.Failures {
			t.Errorf("%s: %s: %s\n%s", p.Info().ID, f.Rule, f.Reason, f.Text)
		}
		if why := r.Why(); why != "" {
			t.Errorf("%s: %s", p.Info().ID, why)
		}
	}
}

// TestBlindCheckersAreFound: if a checker accepts everything, something that is spoiled is accepted by all, and what that
// is found by can be replayed; but for those that other checkers stand in for. X7 and X8 notice each: TestRecordIsBroad.
func TestBlindCheckersAreFound(t *testing.T) {
	for _, name := range []string{"outcome", "order/report", "order/groups", "order/plan", "metrics", "certificate", "counterexample"} {
		list := checks.Batches()
		blind(list, name)
		found(t, name, ofBatches(list), ofBatches(checks.Batches()))
	}
	for _, name := range []string{"outcome/program", "outcome/ends", "chunks/dependencies", "chunks/attempts", "chunks/metrics"} {
		list := checks.Programs()
		blind(list, name)
		found(t, name, ofPrograms(list), ofPrograms(checks.Programs()))
	}
}

// blind puts a checker that accepts everything in the place of one.
func blind[W, O any](list []checks.Listed[checkers.Checker[W, O]], name string) {
	i := slices.IndexFunc(list, func(l checks.Listed[checkers.Checker[W, O]]) bool { return l.Checker.Name() == name })
	list[i].Checker = checkers.New(name, func(W, O) checkers.Verdict { return checkers.Passed() })
}

func found(t *testing.T, name string, broken, right properties.Testable) {
	t.Helper()
	r := run(t, broken, 200)
	if len(r.Failures) != 1 {
		t.Errorf("%s accepts everything, and nobody notices", name)
		return
	}
	c, err := properties.ParseCounterexample("found", []byte(r.Failures[0].Text))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := broken.Replay(t.Context(), c); err != nil || !again.Reproduced {
		t.Errorf("%s: %+v, %v", name, again, err)
	}
	if again, err := right.Replay(t.Context(), c); err != nil || again.Reproduced {
		t.Errorf("%s, with the right checkers: %+v, %v", name, again, err)
	}
}
