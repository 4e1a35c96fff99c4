package vm

import (
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/models/program"
)

// TestAtOnce runs a program three times at once, and then tells the checker of V15
// something else.
func TestAtOnce(t *testing.T) {
	w, err := program.ParseWorkload("p.zxasm", []byte(".set mode parallel\n.set chunk_size 1\nLOAD_CONST 1\nSTORE_NAME a\nLOAD_CONST 2\nSTORE_NAME b\n"))
	if err != nil {
		t.Fatal(err)
	}
	run := func() (r ran) {
		t.Helper()
		record := sched.Run(sched.Default(), sched.Options{}, func(rt *sched.Runtime) { r, err = shared{}.Run(t.Context(), rt, *w) })
		if record.Stuck != nil || err != nil {
			t.Fatal(record.Stuck, err)
		}
		return r
	}
	for _, c := range []struct {
		what, rule string
		change     func(*ran)
	}{
		{"what happened", "", func(*ran) {}},
		{"another's variables", "wrong variables", func(r *ran) { r.Runs[2].Outcome.Variables = nil }},
		{"a run without an end", "wrong end", func(r *ran) { r.Runs[1].End = 0 }},
		{"a configuration that was taken", "wrong configuration", func(r *ran) { r.Refused[3].Named = "" }},
		{"a field called by another's name", "wrong configuration", func(r *ran) { r.Refused[0].Named = "mode" }},
	} {
		r := run()
		c.change(&r)
		v := eachAsAlone{outcome.Programs()}.Check(*w, r)
		if v.Rule != c.rule || (v.Status == checkers.Pass) != (c.rule == "") {
			t.Errorf("%s: %v %q (%s), want %q", c.what, v.Status, v.Rule, v.Reason, c.rule)
		}
	}
}
