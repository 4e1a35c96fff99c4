package vm

import (
	"context"
	"errors"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// System runs programs for the harness, and observes the runs.
type System struct {
	// Accesses records which variables each chunk's attempt really touched. The chunks
	// are then executed by the exact interpreter, one original instruction after another.
	Accesses bool
}

// Name is "vm".
func (System) Name() string { return "vm" }

// Run runs a workload once. A program that is refused, times out or gives up is part of the observation. A panic of
// the machine itself is one under a runtime, and an error without.
func (s System) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) (trace.ProgramObservation, error) {
	var o trace.ProgramObservation
	v, err := New(rt, ParallelConfig{Setup: w.Setup})
	if err == nil && rt.Controlled() {
		v.config.costs = eager()
	}
	if err != nil {
		o.End, o.Error = trace.ProgramRefused, err.Error()
		return o, nil
	}
	if w.Setup.CancelAfter > 0 {
		cancellable, cancel := rt.WithCancel(ctx)
		ctx = cancellable
		timer := rt.AfterFunc(w.Setup.CancelAfter, cancel)
		defer func() {
			timer.Stop()
			cancel()
		}()
	}
	rec := &recorder{accesses: s.Accesses}
	x, err := v.execute(ctx, w.Program, rec)
	o.Outcome, o.Mode, o.Metrics = x.Outcome, x.Mode, x.Metrics
	o.End = EndOf(ctx, err)
	switch {
	case err != nil:
		o.Error = err.Error()
	case x.Err != nil:
		o.Error = x.Err.Error()
	}
	var panicked *PanicError
	if errors.As(err, &panicked) && o.End != trace.ProgramGaveUp {
		if rt != nil { // nobody asked for that: the machine is broken, and not what tests it
			panic(panicked)
		}
		return o, err
	}
	if x.plan != nil {
		a := x.plan.analysis()
		o.Variables, o.Globals = a.Variables, a.Globals
		o.Chunks, o.Edges, o.Cells = a.Chunks, a.Edges, a.Cells
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	o.Events, o.Accesses, o.Calls = rec.events, rec.reads, rec.calls
	o.Barriers, o.Forks = rec.barriers, rec.forks
	return o, nil
}

// EndOf is how a run ended that returned err, on a context; 0 if the machine itself is broken.
func EndOf(ctx context.Context, err error) trace.ProgramEnd {
	var invalid *program.InvalidError
	var config *ConfigError
	var timeout *TimeoutError
	var gaveUp *GaveUpError
	switch {
	case err == nil:
		return trace.ProgramRan
	case errors.As(err, &invalid), errors.As(err, &config):
		return trace.ProgramRefused
	case errors.As(err, &gaveUp):
		return trace.ProgramGaveUp
	case errors.As(err, &timeout):
		return trace.ProgramTimedOut
	case ctx.Err() != nil:
		return trace.ProgramCancelled
	default:
		return 0
	}
}
