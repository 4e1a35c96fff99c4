package batch

import (
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

// Whole returns the property S of Synchrony: all that can be told of a single execution,
// at once. It is what one case is explored for.
func Whole() properties.Testable { return WholeOf(synchrony.System{}) }

// maxWhole bounds large batches about which everything is asked: some checkers take quadratic time.
const maxWhole = 300

// WholeOf returns the property S of any executor of batches.
func WholeOf(s system) properties.Testable {
	cs := checks.Together(checks.Batches())
	p := one(s, "S", checks.Statement("an execution of a batch", cs),
		without(batches.Anything(), func(o *batches.Options) { o.Attestations = 10 }),
		[]condition{conflicting, committed, aborted, attested, sizeable.DrawnBy(scaled(maxWhole))}, cs...)
	p.Group = properties.WholeGroup
	p.Outcome = outcomeLine
	return p
}

// outcomeLine is how a batch ended and with which balances, on one line.
func outcomeLine(w batch.Workload, o trace.Observation) string {
	what := o.Outcome.String()
	switch {
	case o.Outcome == history.Committed:
		n := explainer{b: w.Batch}
		return what + ": " + n.balances(o.Final)
	case o.Failure != nil:
		return what + ": " + o.Failure.Error()
	case o.Unattested != nil:
		return what + ": " + o.Unattested.Error()
	}
	return what
}
