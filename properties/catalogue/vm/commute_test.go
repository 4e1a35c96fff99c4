package vm

import (
	"slices"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/executor/vm"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// pieces assembles main code whose chunks end where the text says "---", and returns it with an observation of them
// that has no edges.
func pieces(t *testing.T, text string) (program.Workload, trace.ProgramObservation) {
	t.Helper()
	var o trace.ProgramObservation
	at := 0
	for part := range strings.SplitSeq(text, "---\n") {
		n := strings.Count(part, "\n")
		o.Chunks = append(o.Chunks, trace.Chunk{From: at, To: at + n})
		at += n
	}
	w, err := program.ParseWorkload("pieces.zxasm", []byte(strings.ReplaceAll(text, "---\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	return *w, o
}

// TestUnorderedPairs: what the prover says of two chunks that no edge orders.
func TestUnorderedPairs(t *testing.T) {
	for _, c := range []struct {
		name, text string
		rule       string // empty if they commute
		z3         bool   // needs the solver
	}{
		{"nothing shared", "LOAD_NAME x\nSTORE_NAME a\n---\nLOAD_NAME x\nSTORE_NAME b\n", "", false},
		{"write after read", "LOAD_NAME x\nSTORE_NAME y\n---\nLOAD_CONST 1\nSTORE_NAME x\n", smt.ErrorDepends, true},
		{"read after write", "LOAD_CONST 1\nSTORE_NAME x\n---\nLOAD_NAME x\nSTORE_NAME y\n", smt.ErrorDepends, true},
		{"write after write", "LOAD_CONST 1\nSTORE_NAME x\n---\nLOAD_CONST 2\nSTORE_NAME x\n", smt.VariablesDepend, false},
		{"the same is written", "LOAD_CONST 1\nSTORE_NAME x\n---\nLOAD_CONST 1\nSTORE_NAME x\n", "", false},
		{"an error depends", "LOAD_CONST 1\nLOAD_NAME x\nDIV\nPOP\n---\nLOAD_CONST 0\nSTORE_NAME x\n", smt.ErrorDepends, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, o := pieces(t, c.text)
			v := (&commuting{}).Check(w, o)
			switch {
			case c.z3 && !smt.Available:
				if v.Status != checkers.Unknown || !strings.Contains(v.Reason, smt.ErrWithoutZ3.Error()) {
					t.Errorf("without Z3: %v, %s", v.Status, v.Reason)
				}
			case c.rule == "":
				if v.Status != checkers.Pass {
					t.Errorf("%v, %s", v.Status, v.Reason)
				}
			case v.Status != checkers.Fail || v.Rule != c.rule || len(v.Evidence) < 2:
				t.Errorf("%v %q, want %q: %s\n%s", v.Status, v.Rule, c.rule, v.Reason, strings.Join(v.Evidence, "\n"))
			}
		})
	}
}

// TestWhichPairs: chains of data dependencies order chunks, other edges don't, and code without a model is passed over.
func TestWhichPairs(t *testing.T) {
	const four = "LOAD_CONST 1\nSTORE_NAME a\n---\nLOAD_CONST 2\nSTORE_NAME b\n---\nLOAD_CONST 3\nSTORE_NAME c\n---\nLOAD_CONST \"s\"\nSTORE_NAME d\n"
	w, o := pieces(t, four)
	o.Edges = []trace.ChunkDependency{ // by To, but for one that no machine should show
		{From: 1, To: 2, Kinds: trace.ChunkWAW},
		{From: 0, To: 1, Kinds: trace.ChunkRAW | trace.ChunkControl},
		{From: 0, To: 3, Kinds: trace.ChunkControl},
		{From: 2, To: 9, Kinds: trace.ChunkRAW},
	}
	if pairs, skipped := independent(w, &o); len(pairs) != 0 || skipped != 3 {
		t.Errorf("independent: %v, skipped %d", pairs, skipped)
	}
	if pairs, _ := dependent(w, &o); !slices.Equal(pairs, []pair{{1, 2}, {0, 1}}) {
		t.Errorf("dependent: %v", pairs)
	}
	o.Edges = o.Edges[1:]
	if pairs, skipped := independent(w, &o); !slices.Equal(pairs, []pair{{1, 2}, {0, 2}}) || skipped != 3 {
		t.Errorf("with an edge less, independent: %v, skipped %d", pairs, skipped)
	}
}

// TestDroppedDependenciesAreFound: an analysis that forgets one kind of dependency leaves chunks unordered that don't
// commute, which a few instructions show.
func TestDroppedDependenciesAreFound(t *testing.T) {
	for _, c := range []struct {
		name string
		kind trace.ChunkDependencyKind
		z3   bool // needs the solver; that two constants differ does not
	}{
		{"RAW", trace.ChunkRAW, true},
		{"WAR", trace.ChunkWAR, true},
		{"WAW", trace.ChunkWAW, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lie := func(o *trace.ProgramObservation) {
				for i := range o.Edges {
					o.Edges[i].Kinds &^= c.kind
				}
			}
			r, err := commutation(liar{vm.System{}, lie, 0}).Run(t.Context(), properties.Spec{Seed: 1, Count: 100, Budget: budget}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.z3 && !smt.Available {
				if r.Status() != checkers.Unknown || !strings.Contains(r.UnknownBy, smt.ErrWithoutZ3.Error()) {
					t.Errorf("without Z3: %v, %s", r.Status(), r.Why())
				}
				return
			}
			if r.Status() != checkers.Fail {
				t.Fatalf("%v after %d cases, want a failure", r.Status(), r.Cases)
			}
			if f := r.Failures[0]; f.Size > 8 || !f.Replayed {
				t.Errorf("%d instructions, replayed %v:\n%s", f.Size, f.Replayed, f.Text)
			}
		})
	}
}

// TestProversAreReused: one after another, all cases use one prover.
func TestProversAreReused(t *testing.T) {
	c := &commuting{}
	w, o := pieces(t, "LOAD_CONST 1\nSTORE_NAME x\n---\nLOAD_CONST 2\nSTORE_NAME y\n")
	for range 10 {
		c.Check(w, o)
		c.classify(w, o)
	}
	if len(c.idle) != 1 {
		t.Errorf("%d provers", len(c.idle))
	}
}
