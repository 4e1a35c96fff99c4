package batch

import (
	"synchrony/executor/synchrony"
	"synchrony/generators/batches"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

// Whole returns the property S of Synchrony: all that can be told of a single execution,
// at once. It is what one case is explored for.
func Whole() properties.Testable { return WholeOf(synchrony.System{}) }

// WholeOf returns the property S of any executor of batches.
func WholeOf(s system) properties.Testable {
	cs := checks.Together(checks.Batches())
	p := one(s, "S", checks.Statement("an execution of a batch", cs),
		without(batches.Anything(), func(o *batches.Options) { o.Attestations = 10 }),
		[]condition{conflicting, committed, aborted, attested}, cs...)
	p.Group = properties.WholeGroup
	return p
}
