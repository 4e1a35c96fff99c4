package vm

import (
	"testing"

	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties/catalogue/internal/conditions"
)

func TestWhatIsRareIsMet(t *testing.T) {
	for _, p := range Properties() {
		conditions.Met[program.Workload, trace.ProgramObservation](t, p)
		conditions.Met[session, ran](t, p)
	}
}
