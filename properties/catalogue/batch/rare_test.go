package batch

import (
	"testing"

	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties/catalogue/internal/conditions"
)

func TestWhatIsRareIsMet(t *testing.T) {
	for _, p := range Properties() {
		conditions.Met[batch.Workload, trace.Observation](t, p)
		conditions.Met[batch.Workload, joint](t, p)
		conditions.Met[batch.Workload, outlived](t, p)
		conditions.Met[batch.Workload, []execution](t, p)
		conditions.Met[[]batch.Workload, []lived](t, p)
	}
}
