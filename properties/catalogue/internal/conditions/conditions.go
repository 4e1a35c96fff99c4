// Package conditions provides a test of the conditions that have a generator of their own: that
// what it draws meets them.
package conditions

import (
	"testing"

	"synchrony/properties"
)

const (
	cases = 16 // of each condition
	least = 12 // of these, how many must meet it: three of four miss 12 cases once in 10⁷ runs
)

// Met tests the conditions of p, a property of these types; one of other types has none.
func Met[W, O any](t *testing.T, p properties.Testable) {
	t.Helper()
	whole, ok := p.(*properties.Property[W, O])
	if !ok {
		return
	}
	for _, c := range whole.Sometimes {
		if c.Generator == nil {
			continue
		}
		only := *whole
		only.Generator, only.Sometimes = c.Generator, []properties.Condition[W, O]{c.DrawnBy(nil)}
		r, err := only.Run(t.Context(), properties.Spec{Seed: 1, Count: cases, Budget: properties.DefaultBudget}, nil)
		if err != nil {
			t.Fatalf("%s: %v", p.Info().ID, err)
		}
		if len(r.Failures) > 0 || r.Unknown > 0 {
			t.Errorf("%s, drawn to meet %q: %v %s", p.Info().ID, c.Name, r.Failures, r.UnknownBy)
		}
		t.Logf("%s: %d of %d cases meet %q", p.Info().ID, r.Sometimes[0].Cases, cases, c.Name)
		if met := r.Sometimes[0].Cases; met < least {
			t.Errorf("%s: %d of %d cases meet %q, which they were drawn for; want at least %d", p.Info().ID, met, cases, c.Name, least)
		}
	}
}
