package clients

import (
	"cmp"
	"slices"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/workload"
	"synchrony/models/history"
)

// TestPromisesAreKept: X11 holds of the checker of this module.
func TestPromisesAreKept(t *testing.T) {
	holds(t, promised(workload.Model.Check))
}

// TestBrokenPromisesAreFound: a checker of workloads that is wrong in one way is found by 200 cases, under the name of what is wrong.
func TestBrokenPromisesAreFound(t *testing.T) {
	for rule, spoil := range map[string]func(*workload.Result){
		"accepted": func(r *workload.Result) {
			if r.Status == checkers.Fail {
				*r = workload.Result{Verdict: checkers.Passed()}
			}
		},
		"refused": func(r *workload.Result) {
			if r.Status == checkers.Pass {
				*r = workload.Result{Verdict: checkers.Failed("lost element", "as always", "as always"), Blamed: []int{1}}
			}
		},
		"undecided":   func(r *workload.Result) { r.Verdict = checkers.Undecided("as always") },
		"wrong blame": func(r *workload.Result) { r.Blamed = nil },
		"wrong rule": func(r *workload.Result) {
			if r.Status == checkers.Fail {
				r.Rule, r.Evidence = "something", []string{"something"}
			}
		},
	} {
		t.Run(rule, func(t *testing.T) {
			check := func(m workload.Model, list []history.Operation, o workload.Options) (workload.Result, error) {
				r, err := m.Check(list, o)
				spoil(&r)
				return r, err
			}
			isFound(t, promised(check), rule)
		})
	}
	t.Run("other in another order", func(t *testing.T) { // as one that is told of reads before what they see
		isFound(t, promised(func(m workload.Model, list []history.Operation, o workload.Options) (workload.Result, error) {
			r, err := m.Check(list, o)
			if !slices.IsSortedFunc(list, func(x, y history.Operation) int { return cmp.Compare(x.Invoked, y.Invoked) }) {
				r = workload.Result{Verdict: checkers.Passed()}
			}
			return r, err
		}), "other in another order")
	})
}
