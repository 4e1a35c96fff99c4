package schedule

import (
	"slices"
	"testing"
)

// TestSignalsOfNobody: a story tells of a signal that nobody waited for.
func TestSignalsOfNobody(t *testing.T) {
	cond := Object{Class: ClassCond}
	step := func(task int32, op Op) Step { return Step{Task: task, Op: op, Object: cond} }
	steps := []Step{
		step(0, OpSignal), step(1, OpWait), step(2, OpWait), step(0, OpSignal), step(0, OpBroadcast), step(0, OpBroadcast),
	}
	want := []string{"signals condition 0, where nobody waits", "waits on condition 0", "waits on condition 0", "wakes one at condition 0", "wakes all at condition 0", "signals condition 0, where nobody waits"}
	if got := Deeds(steps, Object.Name, nil); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
