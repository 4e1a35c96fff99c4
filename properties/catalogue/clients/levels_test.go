package clients

import (
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/models/history"
)

// TestLevelsHold: X10 holds of the checker of this module.
func TestLevelsHold(t *testing.T) {
	holds(t, leveled(isolation.Judge))
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
			isFound(t, leveled(judge), rule)
		})
	}
}
