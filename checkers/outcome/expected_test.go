package outcome

import (
	"testing"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// TestExpected: a run is held to its program's text, as far as that says anything.
func TestExpected(t *testing.T) {
	shows := func(n int64) trace.ProgramObservation {
		return trace.ProgramObservation{
			End:     trace.ProgramRan,
			Outcome: program.Outcome{Shared: []program.Binding{{Name: "n", Value: program.Int(n)}}},
		}
	}
	late := trace.ProgramObservation{End: trace.ProgramTimedOut, Error: "too late"}
	for _, c := range []struct {
		name, text string
		o          trace.ProgramObservation
		reason     string // empty for a pass
	}{
		{"what is expected", ".expect shared n = 2\n", shows(2), ""},
		{"something else", ".expect shared n = 2\n", shows(1), "shared variable n is 1, not 2"},
		{"two things else", ".expect shared n = 2\n.expect output \"x\"\n", shows(1), "shared variable n is 1, not 2, and 1 more"},
		{"nothing expected", "", shows(1), ""},
		{"no end", ".expect shared n = 2\n", late, "the run did not come to its end: timeout"},
		{"no end, and nothing expected", "", late, ""},
	} {
		w, err := program.ParseWorkload("p.zxasm", []byte(c.text+"NOP\n"))
		if err != nil {
			t.Fatal(err)
		}
		v := Expected().Check(*w, c.o)
		if v.Reason != c.reason || (v.Status == checkers.Pass) != (c.reason == "") {
			t.Errorf("%s: %v, %q, want %q", c.name, v.Status, v.Reason, c.reason)
		}
	}
}
