package clients

import (
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/history"
	"synchrony/properties"
)

// TestTheCheckerOfCallsHolds: X9 holds of the checker of this module.
func TestTheCheckerOfCallsHolds(t *testing.T) {
	r := run(t, ordered(linearizability.Check), 200)
	for _, f := range r.Failures {
		t.Errorf("%s: %s\n%s", f.Rule, f.Reason, f.Text)
	}
	if why := r.Why(); why != "" {
		t.Error(why)
	}
}

// TestWrongOrderingIsFound: a checker of calls that is wrong in one way is found by 200 histories, under the name of what is wrong.
func TestWrongOrderingIsFound(t *testing.T) {
	spoiled := func(spoil func(*linearizability.Result)) ordering {
		return func(m linearizability.Model, h *history.Calls, o linearizability.Options) linearizability.Result {
			r := linearizability.Check(m, h, o)
			spoil(&r)
			return r
		}
	}
	for rule, spoil := range map[string]func(*linearizability.Result){
		"accepted": func(r *linearizability.Result) { r.Verdict = checkers.Passed() },
		"refused": func(r *linearizability.Result) {
			r.Verdict = checkers.Failed(linearizability.NotLinearizable, "as always")
		},
		"undecided":     func(r *linearizability.Result) { r.Verdict = checkers.Undecided("as always") },
		"nobody blamed": func(r *linearizability.Result) { r.Core = nil },
		"wrong blame":   func(r *linearizability.Result) { r.Core = r.Core[:min(1, len(r.Core))] },
		"too much blame": func(r *linearizability.Result) {
			r.Core = slices.Compact(slices.Sorted(slices.Values(append(r.Core, 0, 1))))
		},
	} {
		t.Run(rule, func(t *testing.T) {
			r, err := ordered(spoiled(spoil)).Run(t.Context(), properties.Spec{Seed: 1, Count: 200, Budget: properties.Budget{Shrink: 50}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status() != checkers.Fail || r.Failures[0].Rule != rule {
				t.Errorf("%v: %+v", r.Status(), r.Failures)
			}
		})
	}
}
