// Package hosted runs the case of a test that verify test runs under many schedules: the test draws an input, runs it once, and is judged by the
// checkers of a property.
package hosted

import (
	"cmp"
	"context"
	"os"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/properties"
)

// Host is the T of a test that is run under many schedules, by verify test: see package executor/shim/testing. It is known by its method alone, for it is of the
// runtime that the test was rewritten for, and not of this module.
type Host interface {
	// Input returns the text of the run's input: what draw returns, or what is tried in place of that. Once a run has failed, reduce is called with the text of its input, and
	// proposes smaller ones to fails, which says whether one fails in the same way.
	Input(draw func() string, reduce func(text string, fails func(text string) bool)) string
	// Undecided ends the test, and says why it cannot tell whether the run was right.
	Undecided(reason string)
}

// Input is how a test makes its input, which is text.
type Input[W any] struct {
	Name   string // what it is called in reports
	Draw   func(seed uint64) W
	Format func(W) string
	Parse  func(text string) (W, error)
}

// Check runs one case of a property once, under the schedule that the host chooses.
func Check[W, O any](t testing.TB, h Host, p *properties.Property[W, O], in Input[W], run func(context.Context, W) O) {
	t.Helper()
	seed, err := properties.EnvironmentSeed(os.Getenv, 0) // the command sets it; without it, there is one input only
	if err != nil {
		h.Undecided(err.Error())
		return
	}
	text := h.Input(func() string { return in.Format(in.Draw(seed)) }, func(text string, fails func(string) bool) {
		if w, err := in.Parse(text); err == nil {
			p.Reduce(w, func(w W) bool { return fails(in.Format(w)) })
		}
	})
	w, err := in.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	Judge(t, h, p, w, run(t.Context(), w), in.Name, text)
}

// Judge ends the test unless the run was right.
func Judge[W, O any](t testing.TB, h Host, p *properties.Property[W, O], w W, o O, name, text string) {
	t.Helper()
	undecided := ""
	for _, c := range p.Checkers {
		v := c.Check(w, o)
		switch v.Status {
		case checkers.Fail:
			if p.Diagnose != nil {
				v = p.Diagnose(w, o, v)
			}
			v = properties.Abridged(v)
			t.Fatal(complaint(c.Name(), &v, name, text))
		case checkers.Unknown:
			undecided = cmp.Or(undecided, c.Name()+": "+v.Reason)
		}
	}
	if undecided != "" { // by the first of them, and nothing failed
		h.Undecided(undecided)
	}
}

// complaint tells a violation to who reads the log of a test.
func complaint(checker string, v *checkers.Verdict, name, text string) string {
	var out strings.Builder
	out.WriteString(checker + ", " + v.Rule + ": " + v.Reason)
	for _, e := range v.Evidence {
		out.WriteString("\n  " + e)
	}
	out.WriteString("\nthe " + name + ":")
	for line := range strings.Lines(text) {
		out.WriteString("\n  " + strings.TrimSuffix(line, "\n"))
	}
	return out.String()
}
