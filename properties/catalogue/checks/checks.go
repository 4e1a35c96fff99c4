// Package checks lists the checkers of each system, once. What asks all of them derives from
// these lists: the properties S and V, which judge one execution by everything, and X3,
// which judges the checkers themselves.
package checks

import (
	"fmt"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/attestation"
	"synchrony/checkers/certificate"
	"synchrony/checkers/chunks"
	"synchrony/checkers/conservation"
	"synchrony/checkers/forks"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/metrics"
	"synchrony/checkers/order"
	"synchrony/checkers/outcome"
	"synchrony/checkers/overlap"
	"synchrony/checkers/race"
	"synchrony/checkers/serializability"
	"synchrony/checkers/timeout"
)

// Listed is a checker of a system, and where it is not asked.
type Listed[C any] struct {
	Checker C
	// Apart says why not every execution can be asked about; "" if it can.
	Apart string
	// Unrecorded says why the recorded runs have no verdicts of it; "" if they have.
	Unrecorded string
}

// Batches returns every checker of batches.
func Batches() []Listed[checkers.OfBatch] {
	const bare = "the recorded runs show what was executed and in what order, and no more"
	return []Listed[checkers.OfBatch]{
		{Checker: outcome.New()},
		{Checker: order.Plan()},
		{Checker: order.Report()},
		{Checker: order.Groups()},
		{Checker: order.Acyclic()},
		{Checker: order.Execution()},
		{Checker: order.Observed()},
		{Checker: race.New()},
		{Checker: conservation.New()},
		{Checker: serializability.New()},
		{Checker: timeout.New()},
		{Checker: timeout.Limit()},
		{Checker: metrics.New(), Unrecorded: bare},
		{Checker: attestation.New(), Unrecorded: bare},
		{Checker: certificate.New(), Unrecorded: bare},
		{Checker: certificate.Counterexamples(), Unrecorded: bare},
		{
			Checker: overlap.New(), Unrecorded: bare,
			Apart: "it assumes a clock on which nothing fires early, which only S4 has",
		},
	}
}

// Programs returns every checker of programs. There are no recorded runs of programs.
func Programs() []Listed[checkers.OfProgram] {
	return []Listed[checkers.OfProgram]{
		{Checker: outcome.Programs()},
		{Checker: outcome.Expected()},
		{Checker: outcome.Ends()},
		{Checker: chunks.Partition()},
		{Checker: chunks.Dependencies()},
		{Checker: chunks.Attempts()},
		{Checker: chunks.Metrics()},
		{Checker: forks.Workers()},
		{Checker: forks.Barriers()},
		{Checker: linearizability.Programs()},
		{Checker: overlap.Programs(), Apart: "it assumes a clock on which nothing fires early, which only V22 has"},
	}
}

// All returns the checkers of a list.
func All[C any](list []Listed[C]) []C { return where(list, func(Listed[C]) bool { return true }) }

// Together returns the checkers of a list that every execution can be asked about.
func Together[C any](list []Listed[C]) []C {
	return where(list, func(l Listed[C]) bool { return l.Apart == "" })
}

// Recorded returns the checkers of a list that the recorded runs have verdicts of.
func Recorded[C any](list []Listed[C]) []C {
	return where(list, func(l Listed[C]) bool { return l.Unrecorded == "" })
}

func where[C any](list []Listed[C], holds func(Listed[C]) bool) []C {
	var cs []C
	for _, l := range list {
		if holds(l) {
			cs = append(cs, l.Checker)
		}
	}
	return cs
}

// Statement says that one execution passes all of cs, by name.
func Statement[C interface{ Name() string }](execution string, cs []C) string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Name())
	}
	return fmt.Sprintf("%s passes %s", execution, strings.Join(names, ", "))
}
