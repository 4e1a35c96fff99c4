package sched

import "testing"

// TestSplitHosted: the parts of an exploration find the same steps dependent as the whole would.
func TestSplitHosted(t *testing.T) {
	for _, patient := range []bool{false, true} {
		e := NewHostedExplorer(Options{PatientClock: patient}, Bounds{Preemptions: Unbounded})
		for i, part := range e.Split(3) {
			if part.dependence != e.dependence {
				t.Errorf("part %d has %+v, the whole %+v", i, part.dependence, e.dependence)
			}
		}
	}
}
