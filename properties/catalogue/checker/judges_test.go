package checker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/recorded"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
)

func runJudge(t *testing.T, p properties.Testable, cases int) properties.Result {
	t.Helper()
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: cases, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTheCheckersHold: X3 and X4 hold, and meet every condition.
func TestJudgesHold(t *testing.T) {
	for _, p := range Properties()[2:] {
		t.Run(p.Info().ID, func(t *testing.T) {
			r := runJudge(t, p, 100)
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

// wrong is a checker whose verdicts are spoilt.
type wrong struct {
	batchChecker
	spoil func(checkers.Verdict) checkers.Verdict
}

func (w wrong) Check(l batch.Workload, o trace.Observation) checkers.Verdict {
	return w.spoil(w.batchChecker.Check(l, o))
}

// TestWrongCheckersAreFound: a checker that is blind in one way is found in 50 cases, and what it is found by is
// small and can be replayed.
func TestJudgesFindWrongCheckers(t *testing.T) {
	for name, spoil := range map[string]func(checkers.Verdict) checkers.Verdict{
		"accepts everything": func(checkers.Verdict) checkers.Verdict { return checkers.Passed() },
		"refuses everything": func(checkers.Verdict) checkers.Verdict { return checkers.Failed("race", "as always") },
		"is blind to one rule": func(v checkers.Verdict) checkers.Verdict {
			if v.Rule == "unordered conflict" || v.Rule == "overlapping conflict" {
				return checkers.Passed()
			}
			return v
		},
		"takes what is malformed for right": func(v checkers.Verdict) checkers.Verdict {
			if v.Status == checkers.Unknown {
				return checkers.Passed()
			}
			return v
		},
	} {
		t.Run(name, func(t *testing.T) {
			cs := recordedCheckers()
			i := slices.IndexFunc(cs, func(c batchChecker) bool { return c.Name() == "race" })
			cs[i] = wrong{cs[i], spoil}
			p := recordings(cs)
			r := runJudge(t, p, 50)
			if len(r.Failures) != 1 || r.Failures[0].Size != 1 {
				t.Fatalf("%d failures: %+v", len(r.Failures), r.Failures)
			}
			c, err := properties.ParseCounterexample("found", []byte(r.Failures[0].Text))
			if err != nil {
				t.Fatal(err)
			}
			again, err := p.Replay(t.Context(), c)
			if err != nil || !again.Reproduced {
				t.Errorf("%+v, %v", again, err)
			}
			if right, err := recordings(recordedCheckers()).Replay(t.Context(), c); err != nil || right.Reproduced {
				t.Errorf("the right checkers: %+v, %v", right, err)
			}
		})
	}
}

// TestImmodestCheckersAreFound: an Unknown that passes, or has no reason, is found.
func TestImmodestCheckersAreFound(t *testing.T) {
	for rule, verdict := range map[string]checkers.Verdict{
		"out of its limits, and sure": checkers.Passed(),
		"no reason":                   {},
	} {
		qs := questions()
		qs[3].ask = func(int) (checkers.Verdict, error) { return verdict, nil }
		r := runJudge(t, limits(qs), 60)
		if len(r.Failures) != 1 || r.Failures[0].Rule != rule || r.Failures[0].Size != 1 {
			t.Errorf("%s: %+v", rule, r.Failures)
		}
	}
}

// TestSampleText: samples survive their text form.
func TestSampleText(t *testing.T) {
	gen := samples()
	rapid.Check(t, func(t *rapid.T) {
		s := gen.Draw(t, "sample")
		files, err := formatSample(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseSample(files)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(s, got, func(a, b recorded.Run) bool { return a.Name == b.Name && slices.Equal(a.Verdicts, b.Verdicts) }) {
			t.Errorf("%d runs, want %d", len(got), len(s))
		}
	})
}
