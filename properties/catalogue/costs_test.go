package catalogue

import "testing"

// TestCosts: it is known of each property that a run has unless it is told otherwise what a case takes, and of no other.
func TestCosts(t *testing.T) {
	r, err := All()
	if err != nil {
		t.Fatal(err)
	}
	usual, err := r.Select()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range usual {
		if r.Costs[p.Info().ID] <= 0 {
			t.Errorf("costs.txt lacks %s: see its first lines", p.Info().ID)
		}
	}
	if len(r.Costs) != len(usual) {
		t.Errorf("costs.txt has %d lines for %d properties", len(r.Costs), len(usual))
	}
	for _, wrong := range []string{"S1", "S1 x", "S1 -1", "S1 1 2"} {
		if _, err := parseCosts(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
