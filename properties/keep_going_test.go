package properties_test

import (
	"testing"

	"synchrony/checkers"
)

// workers fails where there are so many, for a cause of that name.
type workers struct {
	rule   string
	number int
}

func (c workers) Name() string { return c.rule }

func (c workers) Check(w shares, _ int) checkers.Verdict {
	if len(w) == c.number {
		return checkers.Failed(c.rule, "there are so many")
	}
	return checkers.Passed()
}

// TestKeepGoing: a run that keeps going tests every case, and has one counterexample for each cause, be it of one checker or of several; another one
// ends at the first.
func TestKeepGoing(t *testing.T) {
	p := property(adder{locked: true}, workers{"two", 2}, workers{"four", 4})
	s := spec(60)
	if r := run(t, p, s); len(r.Failures) != 1 || r.Cases == 60 {
		t.Errorf("without: %d failures in %d cases", len(r.Failures), r.Cases)
	}
	s.KeepGoing = true
	r := run(t, p, s)
	rules := map[string]int{}
	for _, f := range r.Failures {
		rules[f.Rule]++
		if !f.Replayed || f.Text == "" {
			t.Errorf("%s is not told in full: %+v", f.Rule, f)
		}
	}
	if r.Cases != 60 || len(r.Failures) != 2 || rules["two"] != 1 || rules["four"] != 1 {
		t.Errorf("%d cases, %v", r.Cases, rules)
	}
	again := run(t, p, s)
	for i := range again.Failures {
		if again.Failures[i].Text != r.Failures[i].Text {
			t.Errorf("failure %d is another one in another run", i)
		}
	}
}

// shifting fails in one way where there are three and more, which shrinks to three: the same cause each time.
type shifting struct{}

func (shifting) Name() string { return "shifting" }

func (shifting) Check(w shares, _ int) checkers.Verdict {
	switch {
	case len(w) == 3:
		return checkers.Failed("three", "there are three")
	case len(w) > 3:
		return checkers.Failed("more", "there are more")
	}
	return checkers.Passed()
}

// TestKeepGoingToOneCause: what fails in another way and shrinks to what is known is no cause of its own.
func TestKeepGoingToOneCause(t *testing.T) {
	s := spec(60)
	s.KeepGoing = true
	r := run(t, property(adder{locked: true}, shifting{}), s)
	if len(r.Failures) != 1 || r.Failures[0].Rule != "three" || r.Cases != 60 {
		t.Errorf("%d cases, %+v", r.Cases, r.Failures)
	}
}
