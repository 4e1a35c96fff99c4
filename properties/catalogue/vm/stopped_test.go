package vm

import (
	"testing"

	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// TestSince: accesses are counted from the last step by which a timer or who cancels told others, whoever takes steps besides, the clock with them.
func TestSince(t *testing.T) {
	flag, shared, clock := schedule.Object{Class: schedule.ClassAtomic}, schedule.Object{Class: schedule.ClassShared}, schedule.Object{Class: schedule.ClassClock}
	told := schedule.Step{Task: 1, Op: schedule.OpStore, Object: flag}
	rings, access := schedule.Step{Task: -1, Op: schedule.OpFire, Object: clock}, schedule.Step{Op: schedule.OpLoad, Object: shared}
	for name, c := range map[string]struct {
		steps []schedule.Step
		want  int
		ok    bool
	}{
		"nothing":         {nil, 0, false},
		"nobody is told":  {[]schedule.Step{access, rings, access}, 0, false},
		"told at once":    {[]schedule.Step{access, rings, told}, 0, true},
		"told, and later": {[]schedule.Step{access, told, access, rings, access}, 2, true},
		"told twice":      {[]schedule.Step{told, access, told, access}, 1, true},
	} {
		o := stoppedRun{ProgramObservation: trace.ProgramObservation{Steps: c.steps}, tasks: []string{"main", "timer 0"}}
		if got, ok := o.since(); got != c.want || ok != c.ok {
			t.Errorf("%s: %d, %v; want %d, %v", name, got, ok, c.want, c.ok)
		}
	}
}
