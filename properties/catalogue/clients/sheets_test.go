package clients

import (
	"testing"

	"synchrony/checkers"
	"synchrony/properties"
)

// holds tests a property with 200 cases, and that all happened that must.
func holds(t *testing.T, p properties.Testable) {
	t.Helper()
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: 200, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Failures {
		t.Errorf("%s: %s\n%s", f.Rule, f.Reason, f.Text)
	}
	if why := r.Why(); why != "" {
		t.Error(why)
	}
	for _, l := range r.Labels {
		t.Logf("%5d %s", l.Cases, l.Name)
	}
}

// isFound tests that 200 cases of a property find what is wrong, by a rule.
func isFound(t *testing.T, p properties.Testable, rule string) {
	t.Helper()
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: 200, Budget: properties.Budget{Shrink: 50}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status() != checkers.Fail || r.Failures[0].Rule != rule {
		t.Errorf("%v: %+v", r.Status(), r.Failures)
	}
}
