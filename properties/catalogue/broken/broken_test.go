package broken

import (
	"testing"

	"synchrony/properties"
)

// TestFound: the systems that break under control are found, and shrunk to two
// workers and one deviation. Those that take their process down are for a child
// process: see cmd/verify.
func TestFound(t *testing.T) {
	reg, err := properties.NewRegistry(Properties()...)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{
		"broken-deadlock":    "scheduler, deadlock",
		"broken-lost-update": "complete, lost update",
	} {
		t.Run(id, func(t *testing.T) {
			c, ok := reg.Lookup(id)
			if !ok {
				t.Fatal("no such property")
			}
			r, err := c.Run(t.Context(), properties.Spec{Seed: 1, Count: 20, Budget: properties.DefaultBudget}, nil)
			if err != nil || len(r.Failures) != 1 {
				t.Fatalf("%d failures, %v", len(r.Failures), err)
			}
			f := r.Failures[0]
			if got := f.Checker + ", " + f.Rule; got != want || f.Size != 2 || f.Deviations != 1 || !f.Replayed {
				t.Errorf("got %s with %d workers and %d deviations, want %s with 2 and 1\n%s", got, f.Size, f.Deviations, want, f.Text)
			}
		})
	}
}
