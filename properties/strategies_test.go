package properties_test

import (
	"testing"

	"synchrony/properties"
)

// TestStrategies holds that each strategy by itself finds an update that is lost, and that the
// default schedule shows nothing of it.
func TestStrategies(t *testing.T) {
	for _, name := range properties.Strategies() {
		p := property(adder{}, total{})
		r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: 50, Budget: properties.Budget{Random: 40, Shrink: 100, Strategy: name}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Failures) != 1 || r.Failures[0].Strategy != name || r.Failures[0].Schedules < 2 {
			t.Errorf("%s: %+v", name, r.Failures)
		}
		r, err = p.Run(t.Context(), properties.Spec{Seed: 1, Count: 50, Budget: properties.Budget{Strategy: name}}, nil)
		if err != nil || len(r.Failures) > 0 {
			t.Errorf("%s: the default schedules alone show it: %v, %v", name, r.Failures, err)
		}
	}
}
