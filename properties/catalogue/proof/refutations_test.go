package proof

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers/smt"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// TestHold: the executor's own plans and the generators' intents pass, and every
// condition is met.
func TestHold(t *testing.T) {
	for _, c := range Properties() {
		t.Run(c.Info().ID, func(t *testing.T) {
			r, err := c.Run(t.Context(), properties.Spec{Seed: 1, Count: 200, Budget: properties.DefaultBudget}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Errorf("%s: %s\n%s", f.Rule, f.Reason, f.Text)
			}
			if why := r.Why(); why != "" {
				t.Error(why)
			}
		})
	}
}

// TestOrderings: what is drawn survives its text form, which accepts no order that
// the plan forbids.
func TestOrderings(t *testing.T) {
	gen := orderings(batches.Contended())
	rapid.Check(t, func(t *rapid.T) {
		w := gen.Draw(t, "ordering")
		files, err := formatOrdering(w)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseOrdering(files)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w.Plan, got.Plan); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(w.Order, got.Order); diff != "" {
			t.Error(diff)
		}
	})
}

const chainText = `accounts { a: 1; b: 0; c: 0; }
atomic_batch { intent transfer1(a, b, 1) intent transfer2(b, c, 1) }
`

// TestParseOrdering: what is no order of the batch is refused by name.
func TestParseOrdering(t *testing.T) {
	for _, c := range []struct{ plan, order, want string }{
		{"", "transfer2\ntransfer1\n", ""},
		{"transfer1 transfer2\n", "transfer1\n\ntransfer2", ""},
		{"transfer1 transfer2\n", "transfer2\ntransfer1\n", `the plan has "transfer1" before "transfer2", and the order has not`},
		{"transfer1 transfer1\n", "transfer1\ntransfer2\n", `the plan has "transfer1" before "transfer1"`},
		{"transfer1\n", "transfer1\ntransfer2\n", "plan:1: 1 words in place of 2"},
		{"", "transfer1\ntransfer3\n", `order:2: the batch has no transaction "transfer3"`},
		{"", "transfer1\ntransfer1\n", `order:2: "transfer1" is here twice`},
		{"", "transfer1\n", `order: transaction "transfer2" is missing`},
	} {
		_, err := parseOrdering([]txtar.File{
			{Name: batchFile, Data: []byte(chainText)},
			{Name: planFile, Data: []byte(c.plan)}, {Name: orderFile, Data: []byte(c.order)},
		})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("plan %q, order %q: got %v, want %q", c.plan, c.order, err, c.want)
		}
	}
	for _, files := range [][]txtar.File{nil, {{Name: "setup"}}} {
		if _, err := parseBatch(files); err == nil {
			t.Errorf("%v is accepted", files)
		}
	}
}

// TestRefutations: what refutes becomes a file that reproduces it when it is read
// again; what does not refute becomes none.
func TestRefutations(t *testing.T) {
	chain := parsed(t, chainText)
	plan := func(order []int, edges ...trace.Dependency) func() (*properties.Counterexample, error) {
		return func() (*properties.Counterexample, error) {
			return Plan(t.Context(), &smt.PlanCounterexample{Batch: chain, Other: order}, edges)
		}
	}
	one := func(refuted func(context.Context, *smt.IntentCounterexample) (*properties.Counterexample, error), text string,
	) func() (*properties.Counterexample, error) {
		return func() (*properties.Counterexample, error) {
			return refuted(t.Context(), &smt.IntentCounterexample{Batch: parsed(t, text)})
		}
	}
	chunks := func(text string, inputs ...program.Binding) func() (*properties.Counterexample, error) {
		return func() (*properties.Counterexample, error) {
			p, err := program.Assemble("test.zxasm", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			return Chunks(t.Context(), p, [2]smt.Chunk{{From: 0, To: 2}, {From: 2, To: 4}}, &smt.ChunkCounterexample{Inputs: inputs})
		}
	}
	const minting = `accounts { a: 0; b: 0; }
intent gift(from: Account, to: Account) { verify { from == old_from; to == old_to + 1; } }
atomic_batch { intent gift1(a, b) }
`
	const overflowing = `accounts { a: 9223372036854775807; b: 1; }
atomic_batch { intent transfer1(b, a, 1) }
`
	for _, c := range []struct {
		name string
		make func() (*properties.Counterexample, error)
		rule string // none if it is no refutation
	}{
		{"wrong plan", plan([]int{1, 0}), smt.WrongPlan},
		{"serial order", plan([]int{0, 1}), ""},
		{"forbidden order", plan([]int{1, 0}, trace.Dependency{From: 0, To: 1}), ""},
		{"order of chunks", chunks("LOAD_NAME x\nSTORE_NAME y\nLOAD_CONST 2\nSTORE_NAME x\n", program.Binding{Name: "x", Value: program.Int(1)}), smt.VariablesDepend},
		{"error of chunks", chunks("LOAD_NAME x\nSTORE_NAME y\nLOAD_CONST 2\nSTORE_NAME x\n"), smt.ErrorDepends},
		{"order of chunks does not matter", chunks("LOAD_NAME x\nSTORE_NAME y\nLOAD_NAME x\nSTORE_NAME z\n"), ""},
		{"minting", one(Conservation, minting), smt.NotConserving},
		{"no minting", one(Conservation, chainText), ""},
		{"overflow", one(Overflow, overflowing), smt.Overflowing},
		{"no overflow", one(Overflow, chainText), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			made, err := c.make()
			if c.rule == "" {
				if err == nil {
					t.Errorf("a counterexample was made\n%s", made.Format())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			reproduced(t, made, c.rule)
		})
	}
}

// reproduced reads a counterexample from its text, as verify replay does.
func reproduced(t *testing.T, made *properties.Counterexample, rule string) {
	t.Helper()
	read, err := properties.ParseCounterexample("made", made.Format())
	if err != nil {
		t.Fatal(err)
	}
	registry, err := properties.NewRegistry(Properties()...)
	if err != nil {
		t.Fatal(err)
	}
	check, ok := registry.Lookup(read.Property)
	if !ok {
		t.Fatalf("there is no property %q", read.Property)
	}
	r, err := check.Replay(t.Context(), read)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Reproduced || r.Verdict.Rule != rule || read.Rule != rule || read.Reason != r.Verdict.Reason {
		t.Errorf("got %+v, want rule %q\n%s", r, rule, made.Format())
	}
}

func parsed(t *testing.T, text string) *batch.Batch {
	t.Helper()
	b, err := batch.Parse("test.ae", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSelection: only a run that names these properties runs them.
func TestSelection(t *testing.T) {
	registry, err := properties.NewRegistry(Properties()...)
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]int{"": 0, "proof": 4, "p2": 1} {
		got, err := registry.Select(strings.Fields(words)...)
		if err != nil || len(got) != want {
			t.Errorf("%q selects %d (%v), want %d", words, len(got), err, want)
		}
	}
}

// TestCrossings: what is drawn survives its text form.
func TestCrossings(t *testing.T) {
	gen := crossings()
	rapid.Check(t, func(t *rapid.T) {
		w := gen.Draw(t, "crossing")
		files, err := formatCrossing(w)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseCrossing(files)
		if err != nil {
			t.Fatal(err)
		}
		if got.Chunks != w.Chunks || !slices.Equal(formatted(t, got), formatted(t, w)) {
			t.Errorf("%q, want %q", formatted(t, got), formatted(t, w))
		}
	})
}

func formatted(t *rapid.T, w crossing) (texts []string) {
	files, err := formatCrossing(w)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		texts = append(texts, string(f.Data))
	}
	return texts
}

// TestParseCrossing: what cannot be run is refused by name.
func TestParseCrossing(t *testing.T) {
	const text = "LOAD_NAME x\nSTORE_NAME y\nLOAD_CONST 2\nSTORE_NAME x\n"
	for _, c := range []struct{ text, chunks, inputs, want string }{
		{text, "0 2\n2 4\n", "x = -1\n\ny=3\n", ""},
		{text, "0 2\n2 4\n", "", ""},
		{text, "0 2\n", "", "chunks: 1 lines in place of 2"},
		{text, "0 2\n2\n", "", "chunks:2: 1 words in place of 2"},
		{text, "0 x\n2 4\n", "", `chunks:1: "x" is no instruction's number`},
		{text, "0 2\n2 5\n", "", "there is no chunk 2…4 in code of 4 instructions"},
		{text, "0 3\n2 4\n", "", "overlap"},
		{text, "0 1\n1 4\n", "", "the chunks cannot be run apart"},
		{text, "0 2\n2 4\n", "x\n", `inputs:1: expected NAME = INT, found "x"`},
		{text, "0 2\n2 4\n", "x = 1\nx = 2\n", "inputs:2: x is here twice"},
		{text, "0 2\n2 4\n", "q = 1\n", `the program has no variable "q"`},
		{"JUMP l\nl:\n" + text, "0 3\n3 5\n", "", "has a JUMP at 0"},
	} {
		_, err := parseCrossing([]txtar.File{
			{Name: programFile, Data: []byte(c.text)},
			{Name: chunksFile, Data: []byte(c.chunks)}, {Name: inputsFile, Data: []byte(c.inputs)},
		})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("chunks %q, inputs %q: got %v, want %q", c.chunks, c.inputs, err, c.want)
		}
	}
}
