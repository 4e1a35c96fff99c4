package vm

import (
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

// Whole returns the property V of the parallel VM: all that can be told of a single run,
// at once. It is what one case is explored for.
func Whole() properties.Testable { return WholeOf(vm.System{Accesses: true}) }

// WholeOf returns the property V of any machine that runs programs.
func WholeOf(s system) properties.Testable {
	cs := checks.Together(checks.Programs())
	p := one(s, "V", checks.Statement("a run of a program", cs),
		workloads(programs.AnyProgram()), []condition{chunked, forked, failed, sizeable}, cs...)
	p.Group = properties.WholeGroup
	p.Outcome = func(_ program.Workload, o trace.ProgramObservation) string { return o.Ending() }
	return p
}
