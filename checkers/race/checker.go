package race

import (
	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// verdict is what a batch checker returns.
type verdict = checkers.Verdict

// Checker looks for races. Its rules are "write-write race" and "read-write race",
// for accesses that nothing orders; "overlapping conflict", for conflicting
// transactions that ran at one time; "stale read", for one that is not of the
// version that serial execution would have read; "wrong value", for one that is not
// of the value that its version has; and "not the serial state".
type Checker struct{}

var _ checkers.Checker[batch.Workload, trace.Observation] = Checker{}

// New returns the checker.
func New() Checker { return Checker{} }

// Name is "race".
func (Checker) Name() string { return "race" }

// Check judges the observation of a run of w. It is Unknown for a malformed one,
// and for an untraced run without steps whose final state is the serial one.
func (Checker) Check(w batch.Workload, o trace.Observation) verdict {
	if err := trace.Validate(&o, w.Batch); err != nil {
		return checkers.Undecided("%v", err)
	}
	if v := checkSteps(w.Batch, o.Steps); v.Status != checkers.Pass {
		return v
	}
	log, err := trace.NewLog(&o, w.Batch)
	if err != nil {
		return checkers.Undecided("%v", err)
	}
	if v := checkOverlaps(w.Batch, log); v.Status != checkers.Pass {
		return v
	}
	if v := checkReads(w.Batch, &o, log); v.Status != checkers.Pass {
		return v
	}
	return checkState(w, &o)
}
