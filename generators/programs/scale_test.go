package programs_test

import (
	"testing"

	"synchrony/generators/internal/boundstest"
	"synchrony/generators/programs"
	"synchrony/models/program"
)

// sessionPrograms is the dimension of sessions, not of programs.
const sessionPrograms = "programs"

// TestScaledRoundTrips holds that large programs are valid, print and read back, and end as they are meant to.
func TestScaledRoundTrips(t *testing.T) {
	succeeded := 0
	for seed := range 120 {
		w := programs.Scaled().Example(seed + 1).Workload
		if err := program.Validate(w.Program); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		back, err := program.ParseWorkload("large", []byte(w.Format()))
		if err != nil {
			t.Fatal(err)
		}
		if again := back.Format(); again != w.Format() {
			t.Fatalf("seed %d: printed again, it differs", seed)
		}
		o, err := program.Run(w.Program, w.Setup.Limits)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case o.Err == nil:
			succeeded++
		case o.Err.Kind != program.TypeError && o.Err.Kind != program.StackLimit:
			t.Errorf("seed %d: %v", seed, o.Err)
		}
	}
	if succeeded < 60 || succeeded > 110 {
		t.Errorf("%d of 120 succeed", succeeded)
	}
}

// TestDrawnBoundsAreReached holds that each bound of the machine that is said to be reached is passed by what
// is drawn of it: there are sizes just below, at and just above it.
func TestDrawnBoundsAreReached(t *testing.T) {
	boundstest.Reached(t, "executor/vm", programs.ScaledSizes(), sessionPrograms)
}
