package properties_test

import (
	"testing"

	"synchrony/properties"
)

// TestEveryScheduleOfSmallCases: cases of few schedules are covered, and counted; others are given up soon.
func TestEveryScheduleOfSmallCases(t *testing.T) {
	run := func(s adder, b properties.Budget) properties.Result {
		t.Helper()
		b.Shrink = 2000
		r, err := property(s, total{}).Run(t.Context(), properties.Spec{Seed: 3, Count: 12, Budget: b}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	off := run(adder{locked: true}, properties.Budget{})
	if off.Covered != 0 || off.Schedules != off.Cases {
		t.Errorf("without a budget, %d of %d cases were covered by %d schedules", off.Covered, off.Cases, off.Schedules)
	}
	few, many := run(adder{locked: true}, properties.Budget{Exhaustive: 4}), run(adder{locked: true}, properties.Budget{Exhaustive: 2000})
	if few.Covered == 0 || few.Covered == few.Cases || few.Schedules > 6*few.Cases {
		t.Errorf("within 4 schedules, %d of %d cases were covered by %d", few.Covered, few.Cases, few.Schedules)
	}
	if many.Covered != many.Cases || len(many.Failures) > 0 {
		t.Errorf("within 2000 schedules, %d of %d cases were covered; failures %v", many.Covered, many.Cases, many.Failures)
	}
	many.Merge(few)
	if many.Covered != 12+few.Covered {
		t.Errorf("merged: %d covered", many.Covered)
	}

	// Neither single deviations nor samples are tried here.
	broken := run(adder{}, properties.Budget{Exhaustive: 100})
	if len(broken.Failures) != 1 {
		t.Fatalf("failures %+v", broken.Failures)
	}
	if f := broken.Failures[0]; f.Strategy != "DPOR" || f.Size != 2 || f.Deviations != 1 || !f.Replayed {
		t.Errorf("found by %s, shrunk to size %d, %d deviations, replayed %v; want DPOR, 2, 1, true", f.Strategy, f.Size, f.Deviations, f.Replayed)
	}
}
