package checker

import (
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/serializability"
	"synchrony/checkers/smt"
	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/properties"
	"synchrony/properties/catalogue/internal/conditions"
)

// TestTheCheckersHold: X1 and X2 hold, and meet every condition.
func TestTheCheckersHold(t *testing.T) {
	for _, c := range of(builtIn()) {
		t.Run(c.Info().ID, func(t *testing.T) {
			r := run(t, c, 200)
			for _, f := range r.Failures {
				t.Errorf("%s: %s\n%s", f.Rule, f.Reason, f.Text)
			}
			if why := r.Why(); why != "" {
				t.Error(why)
			}
			for _, l := range r.Labels {
				t.Logf("%5d %s", l.Cases, l.Name)
			}
		})
	}
}

func TestWhatIsRareIsMet(t *testing.T) {
	for _, p := range Properties() {
		conditions.Met[histories.History, verdicts](t, p)
	}
}

func run(t *testing.T, c properties.Testable, n int) properties.Result {
	t.Helper()
	r, err := c.Run(t.Context(), properties.Spec{Seed: 1, Count: n, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWrongCheckersAreFound: a checker that accepts or refuses everything, never
// decides, or gives a wrong name, is found, and what it is found by is replayed.
func TestWrongCheckersAreFound(t *testing.T) {
	all := map[string]checkers.Verdict{
		"accepts everything": checkers.Passed(),
		"refuses everything": checkers.Failed("G0", "it always says so"),
		"never decides":      checkers.Undecided("it never does"),
	}
	for name, verdict := range all {
		for _, wrong := range []struct {
			who   string
			kills []string
			z3    bool
			spoil func(*judges)
		}{
			{"graph", []string{"X1", "X2"}, false, func(j *judges) {
				j.graph = func(h *history.History) serializability.Result {
					return serializability.Result{Verdict: verdict, Order: serializability.Judge(h).Order}
				}
			}},
			{"search", []string{"X1", "X2"}, false, func(j *judges) {
				j.search = func(*history.History) linearizability.Result { return linearizability.Result{Verdict: verdict} }
			}},
			{"search by values", []string{"X1", "X2"}, false, func(j *judges) {
				j.values = func(*history.Calls) checkers.Verdict { return verdict }
			}},
			{"Z3", []string{"X1", "X2"}, true, func(j *judges) {
				j.order = func(*history.History, smt.OrderOptions) smt.OrderProof {
					return smt.OrderProof{Result: smt.Result{Verdict: verdict}}
				}
			}},
		} {
			for _, id := range wrong.kills {
				t.Run(wrong.who+" "+name+", "+id, func(t *testing.T) {
					if !smt.Available && wrong.z3 && verdict.Status == checkers.Unknown {
						t.Log("without Z3 nobody may expect it to decide")
						return
					}
					expectFailure(t, id, "", wrong.spoil)
				})
			}
		}
	}
	t.Run("graph misnames", func(t *testing.T) {
		expectFailure(t, "X2", "anomaly misnamed", func(j *judges) {
			j.graph = func(h *history.History) serializability.Result {
				r := serializability.Judge(h)
				if r.Rule == "G-single" {
					r.Rule = "G2-item"
				}
				return r
			}
		})
	})
	t.Run("graph is blind to real time", func(t *testing.T) {
		expectFailure(t, "X1", disagreement, func(j *judges) {
			j.graph = func(h *history.History) serializability.Result { return serializability.Judge(untimed(h)) }
		})
	})
	t.Run("Z3 gives no order", func(t *testing.T) {
		if !smt.Available {
			t.Log("without Z3 it gives none")
			return
		}
		expectFailure(t, "X1", anotherOrder, func(j *judges) {
			order := j.order
			j.order = func(h *history.History, o smt.OrderOptions) smt.OrderProof {
				p := order(h, o)
				p.Order = nil
				return p
			}
		})
	})
	t.Run("graph ignores values", func(t *testing.T) {
		expectFailure(t, "X1", "", func(j *judges) {
			j.graph = func(h *history.History) serializability.Result { return serializability.Judge(truthful(h)) }
		})
	})
}

// expectFailure runs a property on checkers of which one is spoiled.
func expectFailure(t *testing.T, id, rule string, spoil func(*judges)) {
	t.Helper()
	j := builtIn()
	spoil(&j)
	for _, c := range of(j) {
		if c.Info().ID != id {
			continue
		}
		r := run(t, c, 200)
		if r.Status() != checkers.Fail {
			t.Fatalf("%v after %d cases, want a failure", r.Status(), r.Cases)
		}
		if f := r.Failures[0]; !f.Replayed || rule != "" && f.Rule != rule {
			t.Errorf("rule %q, replayed %v, want %q:\n%s", f.Rule, f.Replayed, rule, f.Text)
		}
	}
}

// TestCodec: what is saved can be read again, and is the same.
func TestCodec(t *testing.T) {
	g := histories.AnyHistories()
	for seed := range 300 {
		files, err := format(g.Example(seed))
		if err != nil {
			t.Fatal(err)
		}
		again, err := parse(files)
		if err != nil {
			t.Fatalf("%v\n%s", err, files[0].Data)
		}
		back, err := format(again)
		if err != nil || !slices.EqualFunc(files, back, func(a, b txtar.File) bool { return a.Name == b.Name && string(a.Data) == string(b.Data) }) {
			t.Fatalf("%v: %s\nbecame\n%s", err, files[0].Data, back[0].Data)
		}
	}
	for _, files := range [][]txtar.File{
		nil,
		{{Name: "history", Data: []byte("tx A\n")}},
		{{Name: "history", Data: []byte("initial x 0\n")}, {Name: "planted", Data: []byte("G7\n")}},
		{{Name: "other"}},
	} {
		if _, err := parse(files); err == nil {
			t.Errorf("%v was accepted", files)
		}
	}
}
