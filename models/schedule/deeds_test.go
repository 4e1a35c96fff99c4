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
	if got := Deeds(steps, nil, Object.Name, nil); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestDeedsThatWait: a step after which its task has to wait is no lock that it has, nor anything else that is done; the step with which it goes on is.
func TestDeedsThatWait(t *testing.T) {
	rw, c := Object{Class: ClassRWMutex}, Object{Class: ClassChan}
	for _, w := range []struct {
		steps  []Step
		parked []int
		want   []string
	}{
		{[]Step{{1, OpRLock, rw}, {2, OpLock, rw}, {1, OpRUnlock, rw}, {2, OpWake, rw}}, []int{1}, []string{"locks RWMutex 0 for reading", "waits to lock RWMutex 0", "unlocks RWMutex 0 after reading", "locks RWMutex 0"}},
		{[]Step{{1, OpLock, rw}, {2, OpRLock, rw}, {1, OpUnlock, rw}, {2, OpWake, rw}}, []int{1}, []string{"locks RWMutex 0", "waits to lock RWMutex 0 for reading", "unlocks RWMutex 0", "locks RWMutex 0 for reading"}},
		{[]Step{{2, OpLock, rw}, {2, OpLock, rw}, {2, OpWake, rw}}, []int{0, 1}, []string{"waits to lock RWMutex 0", "waits to lock RWMutex 0", "locks RWMutex 0"}},
		{[]Step{{1, OpRecv, c}, {2, OpSend, c}, {1, OpWake, c}, {1, OpSend, c}}, []int{0, 3}, []string{"waits to receive from channel 0", "sends on channel 0", "receives from channel 0", "waits to send on channel 0"}},
		{[]Step{{1, OpSelect, c}, {2, OpSend, c}, {1, OpWake, c}}, []int{0}, []string{"waits in a select", "sends on channel 0", "takes a case of a select"}},
	} {
		parked := func(step int) bool { return slices.Contains(w.parked, step) }
		if got := Deeds(w.steps, parked, Object.Name, nil); !slices.Equal(got, w.want) {
			t.Errorf("%q, want %q", got, w.want)
		}
	}
}

// TestDeedsOfAOnce: who comes to a once begins it, waits for it, or finds it done, whatever it was about to do when it was announced.
func TestDeedsOfAOnce(t *testing.T) {
	once := Object{Class: ClassOnce}
	step := func(task int32, op Op) Step { return Step{Task: task, Op: op, Object: once} }
	for _, c := range []struct {
		steps []Step
		want  []string
	}{
		{
			[]Step{step(1, OpLock), step(2, OpLock), step(1, OpUnlock), step(2, OpJoin), step(3, OpLoad)},
			[]string{"begins once 0", "waits for once 0", "has done once 0", "finds once 0 done", "finds once 0 done"},
		},
		{[]Step{step(2, OpLock), step(2, OpUnlock), step(1, OpLock)}, []string{"begins once 0", "has done once 0", "finds once 0 done"}},
	} {
		if got := Deeds(c.steps, nil, Object.Name, func(int32) string { return "" }); !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
