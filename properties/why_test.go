package properties_test

import (
	"slices"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/properties"
)

// large judges as total does, if the first share is large.
type large struct{}

func (large) Name() string { return "large" }

func (large) Check(w shares, sum int) checkers.Verdict {
	if len(w) == 0 || w[0] < 10 {
		return checkers.Passed()
	}
	return total{}.Check(w, sum)
}

// TestWhy: a counterexample says which order of steps makes it fail, and which numbers could be others.
func TestWhy(t *testing.T) {
	for _, c := range []struct {
		checker checkers.Checker[shares, int]
		numbers string
	}{
		{total{}, `It fails with other numbers, too, all that were tried for 1 and 1 in "1 1" (shares:1).`},
		{large{}, `It fails with other numbers, too, all that were tried for 1 in "10 1" (shares:1).`},
	} {
		s := spec(100)
		r := run(t, property(adder{}, c.checker), s)
		if len(r.Failures) != 1 {
			t.Fatalf("%d failures", len(r.Failures))
		}
		x, err := properties.ParseCounterexample("it", []byte(r.Failures[0].Text))
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Why) != 2 || x.Why[1] != c.numbers {
			t.Errorf("%s: %q, want the order and %q", c.checker.Name(), x.Why, c.numbers)
		}
		if lines := r.Failures[0].Lines; !slices.ContainsFunc(lines, func(l string) bool {
			return strings.HasPrefix(l, "At properties_test.go:") && strings.HasSuffix(l, ": rt.Yield(schedule.OpStore, object)")
		}) {
			t.Errorf("the lines of the source are %q", lines)
		}
		for _, part := range []string{
			" sampled schedules, it fails in ", "worker 0 loads object 0 before worker 1 stores object 0", "worker 1 loads object 0 before worker 0 stores object 0", " and in 0 of the other ",
		} {
			if !strings.Contains(x.Why[0], part) {
				t.Errorf("%q does not say %q", x.Why[0], part)
			}
		}
		if !slices.ContainsFunc(r.Beside, func(s properties.Strategy) bool { return s.Name == "to explain it" && s.Schedules > 100 }) {
			t.Errorf("what was run to explain it is not counted: %+v", r.Beside)
		}
	}
}

// TestWhyUnset: of a number that means that nothing is set, there is nothing to say.
func TestWhyUnset(t *testing.T) {
	p := property(adder{}, total{})
	p.Codec.Unset = func(line string, number int64) bool { return line == "1 1" && number == 1 }
	r := run(t, p, spec(100))
	if len(r.Failures) != 1 || strings.Contains(r.Failures[0].Text, "other numbers") || !strings.Contains(r.Failures[0].Text, " sampled schedules, it fails in ") {
		t.Errorf("%+v", r.Failures)
	}
}

// TestWhyOfNoOrder: what fails in every schedule depends on no order.
func TestWhyOfNoOrder(t *testing.T) {
	r := run(t, property(adder{locked: true}, never{}), spec(100))
	if len(r.Failures) != 1 || !strings.Contains(r.Failures[0].Text, "It fails in each of 120 sampled schedules: no order of steps was seen to matter.") {
		t.Errorf("%+v", r.Failures)
	}
}

// never accepts two shares.
type never struct{}

func (never) Name() string { return "never" }

func (never) Check(w shares, _ int) checkers.Verdict {
	if len(w) == 2 {
		return checkers.Failed("two", "there are two")
	}
	return checkers.Passed()
}
