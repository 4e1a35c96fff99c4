package spoiled

import (
	"context"
	"fmt"

	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/properties"
)

// scheduled is a workload and the schedule that it is run under.
type scheduled[W any] struct {
	Workload W
	Seed     uint64 // of the schedule, and of what is spoiled in the recording
}

// patient says that time stands still while a task can run: some checkers judge no other runs.
func (s scheduled[W]) patient() bool { return s.Seed%4 == 0 }

// recording is what a run showed, if it came to an end.
type recording[O any] struct {
	Seen  O
	Stuck string // why it did not
}

// recorder runs workloads of a system, each once under a schedule of its own.
type recorder[W, O any] struct {
	base executor.System[W, O]
}

func (r recorder[W, O]) Name() string { return r.base.Name() + ": recorded" }

// Run makes a recording. The schedule is drawn here, by POS: the one that the property's own runtime has is the
// default, on which little overlaps.
func (r recorder[W, O]) Run(ctx context.Context, _ *sched.Runtime, w scheduled[W]) (recording[O], error) {
	var seen recording[O]
	var err error
	rec := sched.Run(sched.POS(w.Seed), sched.Options{PatientClock: w.patient()}, func(rt *sched.Runtime) {
		seen.Seen, err = r.base.Run(ctx, rt, w.Workload)
	})
	switch {
	case err != nil:
		return seen, fmt.Errorf("system %s: %w", r.base.Name(), err)
	case rec.Stuck != nil:
		seen.Stuck = rec.Stuck.Error()
	default:
		if r, ok := any(&seen.Seen).(properties.StepRecorder); ok {
			r.RecordSteps(rec.Steps, rec.Tasks)
		}
	}
	return seen, nil
}
