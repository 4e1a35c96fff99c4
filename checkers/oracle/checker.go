package oracle

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Checker verifies the attestations by itself, and compares. Its rules are "committed
// unattested", "wrong oracle error" (a valid attestation refused, or another than the
// first wrong one named) and "effect of an unattested batch".
type Checker struct{}

var _ checkers.Checker[batch.Workload, trace.Observation] = Checker{}

// New returns the checker.
func New() Checker { return Checker{} }

// Name is "oracle".
func (Checker) Name() string { return "oracle" }

// Check judges the observation of a run of w. It is Unknown if attestations were held
// against the wall clock.
func (Checker) Check(w batch.Workload, o trace.Observation) checkers.Verdict {
	if err := trace.Validate(&o, w.Batch); err != nil {
		return checkers.Undecided("%v", err)
	}
	if w.Setup.Now.IsZero() && len(w.Batch.Attestations) > 0 {
		return checkers.Undecided("the setup does not say what time it was for the attestations")
	}
	want := batch.VerifyAttestations(w.Batch, w.Setup.Now)
	switch {
	case want != nil && o.Outcome == history.Committed:
		return checkers.Failed("committed unattested", "the batch was committed, although "+want.Error())
	case o.Oracle != nil && (want == nil || *want != *o.Oracle):
		return checkers.Failed("wrong oracle error", fmt.Sprintf("the batch was refused because %v", o.Oracle), fmt.Sprintf("first wrong attestation: %v", want))
	case want != nil && !slices.Equal(o.Initial, o.Final):
		return checkers.Failed("effect of an unattested batch", "the balances have changed, although "+want.Error())
	}
	if want != nil {
		for _, s := range o.Snapshots {
			if !slices.Equal(s.Balances, o.Initial) {
				return checkers.Failed("effect of an unattested batch", fmt.Sprintf("observer %d saw other balances, although %v", s.Observer, want))
			}
		}
	}
	return checkers.Passed()
}
