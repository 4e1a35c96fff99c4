package batch

import (
	"synchrony/checkers/conservation"
	"synchrony/checkers/metrics"
	"synchrony/checkers/order"
	"synchrony/checkers/outcome"
	"synchrony/checkers/race"
	"synchrony/checkers/serializability"
	"synchrony/checkers/timeout"
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/properties"
)

// Whole returns the property S of Synchrony: all that S1 to S25 say of a single
// execution, at once. It is what one case is explored for.
func Whole() properties.Testable { return WholeOf(synchrony.System{}) }

// WholeOf returns the property S of any executor of batches.
func WholeOf(s system) properties.Testable {
	p := one(s, "S", "all that S1 to S25 say of a single execution, at once",
		batches.Anything(), []condition{conflicting, committed, aborted},
		outcome.New(), order.Plan(), order.Report(), order.Groups(), order.Acyclic(), order.Execution(), order.Observed(),
		race.New(), conservation.New(), serializability.New(), timeout.New(), metrics.New())
	p.Group = properties.WholeGroup
	return p
}
