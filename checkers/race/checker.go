package race

import (
	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// verdict is what a batch checker returns.
type verdict = checkers.Verdict

// New returns the checker "race", which looks for races. Its rules are "write-write race" and "read-write race",
// for accesses that nothing orders; "overlapping conflict", for conflicting
// transactions that ran at one time; "stale read", for one that is not of the
// version that serial execution would have read; "wrong value", for one that is not
// of the value that its version has; "not the serial state"; and "wrong write", for a transaction that committed, in a
// batch that may not have, and wrote another thing than it does serially.
func New() checkers.OfBatch { return checkers.Observed("race", check) }

// check is Unknown for a malformed run,
// and for an untraced run without steps whose final state is the serial one.
func check(w batch.Workload, o *trace.Observation) verdict {
	if v := checkSteps(w.Batch, o); v.Status != checkers.Pass {
		return v
	}
	log, err := trace.NewLog(o, w.Batch)
	if err != nil {
		return checkers.Undecided("%v", err)
	}
	if v := checkOverlaps(w.Batch, log); v.Status != checkers.Pass {
		return v
	}
	if v := checkReads(w.Batch, o, log); v.Status != checkers.Pass {
		return v
	}
	return checkState(w, o, log)
}
