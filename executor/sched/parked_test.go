package sched_test

import (
	"sync/atomic"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestParked: a run that notes positions knows after which of its steps a task had to wait for what the step was about.
func TestParked(t *testing.T) {
	var waiter atomic.Pointer[sched.Task] // the race detector takes tasks for goroutines that nothing orders
	rec := sched.Run(sched.Default(), sched.Options{Positions: true}, func(rt *sched.Runtime) {
		workers(rt, 2, func(i int) {
			rt.Step(schedule.OpSend, user)
			if i == 0 {
				self := rt.Self()
				waiter.Store(&self)
				rt.Park(schedule.OpSend, user)
				return
			}
			rt.Wake(*waiter.Load(), schedule.OpWake)
		})
	}).Clone()
	parked := 0
	for i, s := range rec.Steps {
		if !rec.Parked(i) {
			continue
		}
		if parked++; s.Op != schedule.OpSend || s.Task != waiterOf(&rec) {
			t.Errorf("step %d parked: %v", i, s)
		}
	}
	if parked != 1 {
		t.Errorf("%d steps parked, want 1; %v", parked, rec.Steps)
	}
}

// waiterOf is the task that was woken.
func waiterOf(r *sched.Record) int32 {
	for _, s := range r.Steps {
		if s.Op == schedule.OpWake {
			return s.Task
		}
	}
	return -1
}
