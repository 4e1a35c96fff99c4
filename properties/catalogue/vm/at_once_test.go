package vm

import (
	"bytes"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/program"
)

// TestAtOnce runs a program and another three times at once, and then one after another, and tells the checker of V15 something else.
func TestAtOnce(t *testing.T) {
	w, err := program.ParseWorkload("p.zxasm", []byte(".set mode parallel\n.set chunk_size 1\nLOAD_CONST 1\nSTORE_NAME a\nLOAD_CONST 2\nSTORE_NAME b\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := session{Setup: w.Setup, Programs: []*program.Program{w.Program, variantOf(w.Program, 1)}, Rounds: []round{
		{Runs: []int{0, 1, 0}}, {Runs: []int{1}, Cancelled: true}, {Runs: []int{0}},
	}}
	run := func() (r ran) {
		t.Helper()
		record := sched.Run(sched.Default(), sched.Options{}, func(rt *sched.Runtime) { r, err = shared{}.Run(t.Context(), rt, s) })
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
		{"another's variables", "wrong variables", func(r *ran) { r.Rounds[0][2].Outcome.Variables = r.Rounds[0][1].Outcome.Variables }},
		{"a result that says something else later", "changed result", func(r *ran) { r.Printed[2][0] = []string{"1"} }},
		{"a run without an end", "wrong end", func(r *ran) { r.Rounds[2][0].End = 0 }},
		{"a configuration that was taken", "wrong configuration", func(r *ran) { r.Refused[3].Named = "" }},
		{"defaults that are others", "wrong configuration", func(r *ran) { r.Cut[0] = false }},
		{"a field called by another's name", "wrong configuration", func(r *ran) { r.Refused[0].Named = "mode" }},
	} {
		r := run()
		c.change(&r)
		v := newEachAsAlone().Check(s, r)
		if v.Rule != c.rule || (v.Status == checkers.Pass) != (c.rule == "") {
			t.Errorf("%s: %v %q (%s), want %q", c.what, v.Status, v.Rule, v.Reason, c.rule)
		}
	}
}

// TestSessionsRoundTrip holds that a session prints and reads back, and that bad files are refused.
func TestSessionsRoundTrip(t *testing.T) {
	for seed := range 20 {
		s := sessions(seed%4 == 0).Example(seed + 1)
		files, err := sessionCodec.Format(s)
		if err != nil {
			t.Fatal(err)
		}
		back, err := sessionCodec.Parse(files)
		if err != nil {
			t.Fatal(err)
		}
		again, err := sessionCodec.Format(back)
		if err != nil {
			t.Fatal(err)
		}
		for i := range files {
			if !bytes.Equal(files[i].Data, again[i].Data) {
				t.Fatalf("seed %d: %s differs:\n%s\n%s", seed, files[i].Name, files[i].Data, again[i].Data)
			}
		}
	}
	good := []byte("LOAD_CONST 1\nPOP\n")
	for _, bad := range [][]txtar.File{
		nil,
		{{Name: sessionFile(0), Data: good}},
		{{Name: roundsFile, Data: []byte("at once 0\n")}},
		{{Name: roundsFile, Data: []byte("later 0\n")}, {Name: sessionFile(0), Data: good}},
		{{Name: roundsFile, Data: []byte("cancelled\n")}, {Name: sessionFile(0), Data: good}},
		{{Name: roundsFile, Data: []byte("at once x\n")}, {Name: sessionFile(0), Data: good}},
		{{Name: roundsFile}, {Name: sessionFile(1), Data: good}},
		{{Name: roundsFile}, {Name: sessionFile(0), Data: []byte("NONE")}},
	} {
		if _, err := sessionCodec.Parse(bad); err == nil {
			t.Errorf("%v is taken for a session", bad)
		}
	}
}

// TestSessionsEnd holds that no session that is drawn comes near the bound from which on a run is taken for one that does not end, whatever
// its programs and their variants do.
func TestSessionsEnd(t *testing.T) {
	const room = sched.DefaultMaxSteps // half of what a property's run may take
	for seed := range 150 {
		s := sessions(seed%4 > 0).Example(seed + 1)
		record := sched.Run(sched.Default(), sched.Options{MaxSteps: room}, func(rt *sched.Runtime) {
			if _, err := (shared{}).Run(t.Context(), rt, s); err != nil {
				t.Errorf("session %d: %v", seed+1, err)
			}
		})
		if record.Stuck != nil {
			t.Errorf("session %d: %v", seed+1, record.Stuck)
		}
	}
}
