package checker

import (
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/order"
	"synchrony/checkers/recorded"
	"synchrony/checkers/serializability"
	"synchrony/checkers/smt"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// fullyCrossChecked has each run judged in every way.
func fullyCrossChecked(j judges) crossChecked {
	return crossChecked{j, func(o *trace.Observation, _ int) Confirmation {
		if o.Outcome != history.Committed {
			return BySearch | BySolver
		}
		return ByPlan | BySearch | BySolver
	}}
}

// recordedRuns are runs of batches, right and wrong ones.
func recordedRuns(t *testing.T) map[string]recorded.Run {
	t.Helper()
	all, err := recorded.All()
	if err != nil {
		t.Fatal(err)
	}
	runs := map[string]recorded.Run{}
	for _, r := range all {
		runs[r.Name] = r
	}
	return runs
}

// TestCrossChecksConfirm: with every confirmation, the verdicts are those of the graph alone, but for plans that are wrong.
func TestCrossChecksConfirm(t *testing.T) {
	count, wrongPlans := map[checkers.Status]int{}, 0
	for name, run := range recordedRuns(t) {
		w, o := run.Workload, run.Seen
		want, got := serializability.New().Check(w, o), fullyCrossChecked(builtIn()).Check(w, o)
		if want.Status == checkers.Pass && got.Status == checkers.Fail && order.Plan().Check(w, o).Status == checkers.Fail {
			wrongPlans++
			continue
		}
		if got.Status != want.Status || got.Rule != want.Rule {
			t.Errorf("%s: %v %s: %s; the graph says %v %s", name, got.Status, got.Rule, got.Reason, want.Status, want.Rule)
		}
		if got.Status == checkers.Fail && len(got.Evidence) != len(want.Evidence)+1 {
			t.Errorf("%s: nothing says what another checker thinks of it: %q", name, got.Evidence)
		}
		count[got.Status]++
	}
	if count[checkers.Pass] < 20 || count[checkers.Fail] < 4 || smt.Available && wrongPlans < 2 {
		t.Errorf("too few of a kind: %v, %d wrong plans", count, wrongPlans)
	}
}

// TestCrossChecksFindWrongCheckers: where one of the checkers is wrong, the cross-check says so.
func TestCrossChecksFindWrongCheckers(t *testing.T) {
	blind := builtIn()
	blind.graph = func(h *history.History) serializability.Result {
		return serializability.Result{Verdict: checkers.Passed()}
	}
	nervous := builtIn()
	nervous.graph = func(*history.History) serializability.Result {
		return serializability.Result{Verdict: checkers.Failed("G2-item", "as always")}
	}
	gullible := builtIn()
	gullible.search = func(*history.History) linearizability.Result {
		return linearizability.Result{Verdict: checkers.Passed()}
	}
	suspicious := builtIn()
	suspicious.order = func(*history.History, smt.OrderOptions) smt.OrderProof {
		return smt.OrderProof{Result: smt.Result{Verdict: checkers.Failed("no order", "as always")}}
	}
	badPlan := builtIn()
	badPlan.plan = func(*batch.Batch, []trace.Dependency) smt.PlanProof {
		return smt.PlanProof{Result: smt.Result{Verdict: checkers.Failed(smt.WrongPlan, "as always")}}
	}
	runs := recordedRuns(t)
	for _, c := range []struct {
		name, run string
		judges    judges
		rule      string
	}{
		{"a graph that accepts all", "lost_update", blind, disagreement},
		{"a graph that accepts all", "write_skew", blind, disagreement},
		{"a graph that refuses all", "right_chain", nervous, disagreement},
		{"a search that accepts all", "lost_update", gullible, disagreement},
		{"a solver that refuses all", "right_chain", suspicious, disagreement},
		{"a plan that is wrong", "right_chain", badPlan, smt.WrongPlan},
	} {
		w, o := runs[c.run].Workload, runs[c.run].Seen
		if v := fullyCrossChecked(c.judges).Check(w, o); v.Status != checkers.Fail || v.Rule != c.rule {
			t.Errorf("%s, on %s: %v %s: %s", c.name, c.run, v.Status, v.Rule, v.Reason)
		}
	}
}

// TestConfirmations: of many runs each confirmation is due for about the part that it should, and of large ones none.
func TestConfirmations(t *testing.T) {
	const runs = 4096
	count := map[Confirmation]int{}
	for i := range int64(runs) {
		o := trace.Observation{Outcome: history.Committed, Events: []trace.Event{{Kind: trace.Read, Old: i}}}
		r := Confirmations(&o, 10)
		for _, confirmation := range []Confirmation{ByPlan, BySearch, BySolver} {
			if r&confirmation != 0 {
				count[confirmation]++
			}
		}
		if Confirmations(&o, 10) != r || Confirmations(&o, maxSolved+1)&(BySearch|BySolver) != 0 {
			t.Fatalf("run %d", i)
		}
	}
	for confirmation, every := range map[Confirmation]int{ByPlan: planEvery, BySearch: searchEvery, BySolver: solverEvery} {
		want := runs / every
		if confirmation == BySolver && !smt.Available {
			want = 0
		}
		if got := count[confirmation]; got < want/2 || got > 2*want {
			t.Errorf("confirmation %d is due for %d of %d, want about %d", confirmation, got, runs, want)
		}
	}
}
