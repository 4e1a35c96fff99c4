package batch

import (
	"pgregory.net/rapid"

	"synchrony/checkers/attestation"
	"synchrony/checkers/certificate"
	"synchrony/checkers/conservation"
	"synchrony/checkers/outcome"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
)

// gates is about what lets a batch pass, and what a result carries for it.
func gates(s system) []properties.Testable {
	return []properties.Testable{
		one(s, "S9", "attestations are verified before any commit",
			// Verifying a signature costs as much as a whole schedule of a small batch.
			without(batches.Attested(), func(o *batches.Options) { o.MaxTransactions, o.LargeTransactions = 4, 4 }),
			[]condition{
				attested, unattested(batch.NotAttested).DrawnBy(attestedBut(firstMissing)), unattested(batch.BadSignature),
				unattested(batch.Expired).DrawnBy(attestedBut(allExpired)),
			},
			attestation.New(), outcome.New(), conservation.New()),
		one(s, "S11", "a committed result carries the certificate of serializability that was checked",
			without(batches.Contended(), func(o *batches.Options) { o.Failures, o.Untraced = 10, 20 }),
			[]condition{certified, aborted}, certificate.New()),
		one(s, "S12", "a refused result carries a counterexample",
			without(batches.Failing(), func(o *batches.Options) {
				o.Cycles, o.Failures, o.Mints, o.Panics, o.After, o.Attestations = 15, 30, 5, 5, 40, 50
			}),
			[]condition{refusedBy("execute"), refusedBy("conflicts"), refusedBy("attestations"), committed}, certificate.Counterexamples()),
	}
}

// What runs of these should meet sometimes.
var (
	attested = condition{Name: "an attested argument committed", Holds: func(w batch.Workload, o trace.Observation) bool {
		return o.Outcome == history.Committed && len(w.Batch.Attestations) > 0
	}}
	certified = condition{Name: "a certificate with a read of another transaction's write", Holds: func(_ batch.Workload, o trace.Observation) bool {
		if o.Certificate != nil {
			for _, a := range o.Certificate.Accesses {
				if !a.Write && a.Version != history.InitialVersion {
					return true
				}
			}
		}
		return false
	}}
)

func unattested(p batch.AttestationProblem) condition {
	return condition{Name: "an argument " + p.String(), Holds: func(_ batch.Workload, o trace.Observation) bool {
		return o.Unattested != nil && o.Unattested.Problem == p
	}}
}

func refusedBy(gate string) condition {
	return condition{Name: "a refusal by " + gate, Holds: func(_ batch.Workload, o trace.Observation) bool {
		return o.Counterexample != nil && o.Counterexample.Gate == gate
	}}
}

// attestedBut draws batches with external arguments, and changes what attests them.
func attestedBut(change func(batch.Workload) batch.Workload) *rapid.Generator[batch.Workload] {
	return workloads(without(batches.Attested(), func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.Attestations, o.Failures = 4, 4, 100, 0
	}), change)
}

func firstMissing(w batch.Workload) batch.Workload {
	b := *w.Batch
	b.Attestations = b.Attestations[min(1, len(b.Attestations)):]
	w.Batch = &b
	return w
}

func allExpired(w batch.Workload) batch.Workload {
	w.Setup.Now = w.Setup.Now.AddDate(1, 0, 0) // none of those drawn is good for so long
	return w
}
