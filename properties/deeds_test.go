package properties

import (
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestSignalsOfNobody: a story tells of a signal that nobody waited for.
func TestSignalsOfNobody(t *testing.T) {
	cond := schedule.Object{Class: schedule.ClassCond}
	step := func(task int32, op schedule.Op) schedule.Step { return schedule.Step{Task: task, Op: op, Object: cond} }
	r := &sched.Record{Steps: []schedule.Step{
		step(0, schedule.OpSignal), step(1, schedule.OpWait), step(2, schedule.OpWait), step(0, schedule.OpSignal), step(0, schedule.OpBroadcast), step(0, schedule.OpBroadcast),
	}}
	want := []string{"signals cond/0, where nobody waits", "waits on cond/0", "waits on cond/0", "wakes one at cond/0", "wakes all at cond/0", "signals cond/0, where nobody waits"}
	if got := deedsOf(r, schedule.Object.String); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
