package checks

import (
	"synchrony/checkers"
	"synchrony/checkers/attestation"
	"synchrony/checkers/chunks"
	"synchrony/checkers/conservation"
	"synchrony/checkers/forks"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/order"
	"synchrony/checkers/outcome"
	"synchrony/checkers/race"
	"synchrony/checkers/serializability"
	"synchrony/checkers/timeout"
)

// BatchCauses returns the checkers of [Batches] that any execution can be asked about, from causes
// to effects: what was analysed and planned is judged before what was executed by it, and each step
// before the whole. What is only reported of an execution is no cause of anything.
func BatchCauses() []checkers.OfBatch {
	return []checkers.OfBatch{
		order.Plan(), order.Acyclic(), order.Groups(), order.Observed(),
		attestation.New(), order.Execution(), race.New(), timeout.Limit(), timeout.New(),
		serializability.New(), conservation.New(), outcome.New(),
	}
}

// ProgramCauses returns the checkers of [Programs], from causes to effects.
func ProgramCauses() []checkers.OfProgram {
	return []checkers.OfProgram{
		chunks.Partition(), chunks.Dependencies(), forks.Workers(), forks.Barriers(),
		linearizability.Programs(), chunks.Attempts(),
		outcome.Ends(), outcome.Programs(), outcome.Expected(),
	}
}
