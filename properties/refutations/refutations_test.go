package refutations

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers/smt"
	"synchrony/generators"
	"synchrony/models/batch"
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
	gen := orderings(generators.Contended())
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
	for words, want := range map[string]int{"": 0, "proof": 3, "p2": 1} {
		got, err := registry.Select(strings.Fields(words)...)
		if err != nil || len(got) != want {
			t.Errorf("%q selects %d (%v), want %d", words, len(got), err, want)
		}
	}
}
