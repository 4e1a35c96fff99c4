package command

import (
	"path/filepath"
	"testing"

	"synchrony/properties"
	"synchrony/properties/catalogue"
)

// TestRegressions holds what was once wrong to be right. The files have no schedules, which
// would become stale with any change of the systems: schedules are searched anew.
func TestRegressions(t *testing.T) {
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/regressions/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no regressions: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := properties.LoadCounterexample(file)
			if err != nil {
				t.Fatal(err)
			}
			check, ok := registry.Lookup(c.Property)
			if !ok {
				t.Fatalf("there is no property %q", c.Property)
			}
			r, err := check.Replay(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if r.Reproduced || r.Runs < 2 {
				t.Errorf("reproduced: %v, after %d runs; %s: %v", r.Reproduced, r.Runs, r.Checker, r.Verdict)
			}
		})
	}
}
