package attestation

import (
	"fmt"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// New returns the checker "attestation", which verifies the attestations by itself, and compares. Its rules are "committed
// unattested", "wrong attestation error" (a valid attestation refused, or another than the
// first wrong one named) and "effect of an unattested batch".
func New() checkers.OfBatch {
	due := checkers.Remember(func(q question) *batch.AttestationError { return batch.VerifyAttestations(q.batch, q.now) })
	return checkers.Observed("attestation", func(w batch.Workload, o *trace.Observation) checkers.Verdict { return check(w, o, due) })
}

// question is for whom attestations vouch, and when.
type question struct {
	batch *batch.Batch
	now   time.Time
}

// check is Unknown if attestations were held
// against the wall clock.
func check(w batch.Workload, o *trace.Observation, due func(question) *batch.AttestationError) checkers.Verdict {
	if w.Setup.Now.IsZero() && len(w.Batch.Attestations) > 0 {
		return checkers.Undecided("the setup does not say what time it was for the attestations")
	}
	want := due(question{w.Batch, w.Setup.Now})
	switch {
	case want != nil && o.Outcome == history.Committed:
		return checkers.Failed("committed unattested", "the batch was committed, although "+want.Error())
	case o.Unattested != nil && (want == nil || *want != *o.Unattested):
		return checkers.Failed("wrong attestation error", fmt.Sprintf("the batch was refused because %v", o.Unattested), fmt.Sprintf("first wrong attestation: %v", want))
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
