package clients

import (
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/history"
)

// TestTheCheckerOfCallsHolds: X9 holds of the checker of this module.
func TestTheCheckerOfCallsHolds(t *testing.T) {
	holds(t, ordered(linearizability.Check))
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
			isFound(t, ordered(spoiled(spoil)), rule)
		})
	}
}
