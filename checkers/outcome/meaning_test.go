package outcome_test

import (
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/models/program"
)

// TestMeaning: what a machine shows is held to the specification, whatever it used; of a program of several outcomes, any will do, but if it is said to have one.
func TestMeaning(t *testing.T) {
	racedTo := func(n int64) program.Outcome {
		return program.Outcome{Shared: []program.Binding{{Name: "s", Value: program.Int(n)}}}
	}
	for _, c := range []struct {
		name, text string
		one        bool
		shown      program.Outcome
		rule       string // empty for a pass
	}{
		{"right", "LOAD_CONST 3\nRETURN\n", true, program.Outcome{Result: program.Int(3)}, ""},
		{"wrong result", "LOAD_CONST 3\nRETURN\n", true, program.Outcome{Result: program.Int(4)}, "wrong result"},
		{"no output", "LOAD_CONST 3\nPRINT\n", true, program.Outcome{}, "wrong output"},
		{"as the workers come", racing, true, racedTo(1), ""},
		{"another order", racing, false, racedTo(0), ""},
		{"another order, where there is one", racing, true, racedTo(0), "wrong shared variables"},
		{"no order", racing, false, racedTo(2), "wrong shared variables"},
		{"an error elsewhere", dividing, true, program.Outcome{Err: &program.RunError{Kind: program.DivisionByZero, Name: program.MainName, PC: 1}}, "wrong error"},
	} {
		v := outcome.Meaning()(load(t, c.text).Program, c.one, c.shown)
		if v.Rule != c.rule || (c.rule == "") != (v.Status == checkers.Pass) {
			t.Errorf("%s: %v %s: %s", c.name, v.Status, v.Rule, v.Reason)
		}
	}
	invalid := &program.Program{}
	if v := outcome.Meaning()(invalid, true, program.Outcome{}); v.Status != checkers.Unknown {
		t.Errorf("of an invalid program: %v", v.Status)
	}
}
