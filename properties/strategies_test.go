package properties_test

import (
	"testing"

	"synchrony/properties"
)

// TestStrategies holds that each strategy by itself finds an update that is lost, that nothing but
// the default schedule is run beside it, and that this one alone shows nothing.
func TestStrategies(t *testing.T) {
	run := func(b properties.Budget) properties.Result {
		t.Helper()
		r, err := property(adder{}, total{}).Run(t.Context(), properties.Spec{Seed: 1, Count: 50, Budget: b}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range properties.Strategies(40) {
		r := run(c.Budget)
		if len(r.Failures) != 1 || r.Failures[0].Strategy != c.Name || r.Failures[0].Schedules != r.Schedules || r.Schedules < 2 {
			t.Errorf("%s: %d schedules, %+v", c.Name, r.Schedules, r.Failures)
		}
		for _, s := range r.Strategies {
			if s.Name != c.Name && (s.Name != "default" || s.Schedules != r.Cases) {
				t.Errorf("%s: %d schedules by %s", c.Name, s.Schedules, s.Name)
			}
		}
	}
	if r := run(properties.Budget{}); len(r.Failures) > 0 || r.Schedules != 50 {
		t.Errorf("the default schedules alone: %d of them, %v", r.Schedules, r.Failures)
	}
}

// TestSchedulesAreBounded: a run ends after the case with which its schedules are spent.
func TestSchedulesAreBounded(t *testing.T) {
	b := properties.Budget{Random: 9}
	for _, c := range []struct{ limit, cases int }{{0, 12}, {1, 1}, {10, 1}, {11, 2}, {1000, 12}} {
		r, err := property(adder{locked: true}, total{}).Run(t.Context(), properties.Spec{Seed: 1, Count: 12, Schedules: c.limit, Budget: b}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Cases != c.cases || r.Schedules != 10*c.cases {
			t.Errorf("up to %d schedules: %d in %d cases, want %d cases", c.limit, r.Schedules, r.Cases, c.cases)
		}
	}
}

// TestUnshrunk: with nothing to spend on shrinking, a violation is returned as it was found, and replayed.
func TestUnshrunk(t *testing.T) {
	for _, c := range properties.Strategies(40) {
		spec := properties.Spec{Seed: 1, Count: 50, Budget: c.Budget}
		found, err := property(adder{}, total{}).Run(t.Context(), spec, nil)
		if err != nil {
			t.Fatal(err)
		}
		spec.Budget.Shrink = 2000
		small, err := property(adder{}, total{}).Run(t.Context(), spec, nil)
		if err != nil {
			t.Fatal(err)
		}
		f, s := found.Failures[0], small.Failures[0]
		if f.Schedules != s.Schedules || f.Case != s.Case || !f.Replayed || f.Cut || found.Schedules != f.Schedules || small.Schedules == s.Schedules {
			t.Errorf("%s: %+v of %d schedules, and shrunk %+v of %d", c.Name, f, found.Schedules, s, small.Schedules)
		}
		if s.Size > f.Size || s.Deviations > f.Deviations || f.Size == 2 && f.Deviations == 1 {
			t.Errorf("%s: size %d, %d deviations; shrunk %d, %d", c.Name, f.Size, f.Deviations, s.Size, s.Deviations)
		}
	}
}
