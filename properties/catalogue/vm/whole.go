package vm

import (
	"synchrony/checkers/chunks"
	"synchrony/checkers/forks"
	"synchrony/checkers/outcome"
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/properties"
)

// Whole returns the property V of the parallel VM: all that V1 to V14 say of a single
// run, at once. It is what one case is explored for.
func Whole() properties.Testable { return WholeOf(vm.System{}) }

// WholeOf returns the property V of any machine that runs programs.
func WholeOf(s system) properties.Testable {
	p := one(s, "V", "all that V1 to V14 say of a single run, at once",
		workloads(programs.AnyProgram()), []condition{chunked, forked, failed},
		outcome.Programs(), chunks.Partition(), chunks.Attempts(), chunks.Metrics(), forks.Workers(), forks.Barriers(), sharedAccesses{})
	p.Group = properties.WholeGroup
	return p
}
