package clients

import (
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/models/history"
	"synchrony/properties"
)

func run(t *testing.T, p properties.Testable, cases int) properties.Result {
	t.Helper()
	r, err := p.Run(t.Context(), properties.Spec{Seed: 1, Count: cases, Budget: properties.DefaultBudget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLevelsHold: X10 holds of the checker of this module.
func TestLevelsHold(t *testing.T) {
	r := run(t, leveled(isolation.Judge), 200)
	for _, f := range r.Failures {
		t.Errorf("%s: %s\n%s", f.Rule, f.Reason, f.Text)
	}
	if why := r.Why(); why != "" {
		t.Error(why)
	}
	for _, l := range r.Labels {
		t.Logf("%5d %s", l.Cases, l.Name)
	}
}

// TestWrongLevelsAreFound: a checker of levels that is wrong in one way is found by 200 cases, under the name of what is wrong.
func TestWrongLevelsAreFound(t *testing.T) {
	for rule, spoil := range map[string]func(*isolation.Report){
		"wrong level": func(r *isolation.Report) {
			for i := range r.Standings {
				if s := &r.Standings[i]; s.Level.String() == "snapshot-isolation" {
					s.Status = checkers.Pass
				}
			}
		},
		"wrong verdict": func(r *isolation.Report) { r.Verdict = checkers.Passed() },
		"no anomaly":    func(r *isolation.Report) { r.Standings[len(r.Standings)-1].Anomaly = "G0" },
		"wrong blame":   func(r *isolation.Report) { r.Blamed = nil },
		"wrong anomaly": func(r *isolation.Report) {
			none := isolation.Anomaly{Name: isolation.GarbageRead, Count: 1, Reason: "T1 read what nobody wrote", Transactions: []int32{0}}
			r.Anomalies = append([]isolation.Anomaly{none}, r.Anomalies...)
		},
		"no example": func(r *isolation.Report) {
			for i := range r.Anomalies {
				r.Anomalies[i].Reason = ""
			}
		},
		"wrong order": func(r *isolation.Report) { slices.Reverse(r.Anomalies) },
		"wrong cycle": func(r *isolation.Report) {
			for i := range r.Anomalies {
				slices.Reverse(r.Anomalies[i].Cycle)
			}
		},
	} {
		t.Run(rule, func(t *testing.T) {
			judge := func(h *history.Transactions, l isolation.Level) (*isolation.Report, error) {
				r, err := isolation.Judge(h, l)
				if err == nil {
					spoil(r)
				}
				return r, err
			}
			r, err := leveled(judge).Run(t.Context(), properties.Spec{Seed: 1, Count: 200, Budget: properties.Budget{Shrink: 50}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status() != checkers.Fail || r.Failures[0].Rule != rule {
				t.Errorf("%v: %+v", r.Status(), r.Failures)
			}
		})
	}
}
