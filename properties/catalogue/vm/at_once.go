package vm

import (
	"context"
	"errors"
	"fmt"

	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// tasksAtOnce is how many tasks run a program at once on one machine.
const tasksAtOnce = 3

// ran is what the tasks were given, each for itself, and what became of wrong configurations.
type ran struct {
	Runs    []trace.ProgramObservation
	Refused []refusal
}

// refusal is how a configuration was taken in which one field is out of range.
type refusal struct {
	Field string // that is wrong
	Named string // by the error; empty if there was none
}

// shared runs a program several times at once on one machine, which remembers what it has loaded.
type shared struct{}

func (shared) Name() string { return "vm: runs at once on one machine" }

func (shared) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) (ran, error) {
	machine, err := vm.New(rt, vm.ParallelConfig{Setup: w.Setup})
	if err != nil {
		return ran{}, err
	}
	r := ran{Runs: make([]trace.ProgramObservation, tasksAtOnce), Refused: misconfigure(ctx, rt, w)}
	var all sched.WaitGroup
	all.Add(rt, tasksAtOnce)
	for i := range tasksAtOnce {
		rt.Go("caller", i, func() {
			defer all.Done(rt)
			result, err := machine.Run(ctx, w.Program)
			o := &r.Runs[i]
			if o.Outcome, o.Mode, o.Metrics = result.Outcome, result.Mode, result.Metrics; err == nil {
				o.End = trace.ProgramRan
			} else {
				o.Error = err.Error()
			}
		})
	}
	all.Wait(rt)
	return r, nil
}

// misconfigure asks for machines that there cannot be.
func misconfigure(ctx context.Context, rt *sched.Runtime, w program.Workload) []refusal {
	var all []refusal
	for _, setting := range wrongSettings {
		wrong := w.Setup
		setting.apply(&wrong)
		r := refusal{Field: setting.name}
		var refused *vm.ConfigError
		if _, err := vm.New(rt, vm.ParallelConfig{Setup: wrong}); errors.As(err, &refused) {
			r.Named = refused.Field
		}
		// Observers are told the same.
		if o, err := (vm.System{}).Run(ctx, rt, program.Workload{Program: w.Program, Setup: wrong}); err != nil || o.End != trace.ProgramRefused || o.Error == "" {
			r.Named = ""
		}
		all = append(all, r)
	}
	return all
}

// wrongSettings put one field out of range each; the name is what the error must call it.
var wrongSettings = []struct {
	name  string
	apply func(*program.Setup)
}{
	{"workers", func(s *program.Setup) { s.Workers = -1 }},
	{"chunk size", func(s *program.Setup) { s.ChunkSize = -1 }},
	{"minimum chunk size", func(s *program.Setup) { s.MinChunkSize = -1 }},
	{"timeout", func(s *program.Setup) { s.Timeout = -1 }},
	{"queue size", func(s *program.Setup) { s.QueueSize = -1 }},
	{"step limit", func(s *program.Setup) { s.Limits.Steps = -1 }},
	{"memory limit", func(s *program.Setup) { s.Limits.Memory = -1 }},
	{"call depth", func(s *program.Setup) { s.Limits.CallDepth = -1 }},
	{"worker limit", func(s *program.Setup) { s.Limits.Workers = -1 }},
	{"time limit", func(s *program.Setup) { s.Limits.Time = -1 }},
	{"mode", func(s *program.Setup) { s.Mode = program.Sequential + 1 }},
}

// eachAsAlone decides V15.
type eachAsAlone struct{ alone checker }

func (eachAsAlone) Name() string { return "each as alone" }

func (c eachAsAlone) Check(w program.Workload, r ran) checkers.Verdict {
	for _, f := range r.Refused {
		if f.Named != f.Field {
			return checkers.Failed("wrong configuration", fmt.Sprintf("a %s out of range was taken for %q", f.Field, f.Named))
		}
	}
	for i, o := range r.Runs {
		if v := c.alone.Check(w, o); v.Status != checkers.Pass {
			v.Reason = fmt.Sprintf("run %d of %d at once: %s", i, tasksAtOnce, v.Reason)
			return v
		}
		if m := o.Metrics; m.Failed > 0 || m.Fallbacks > 0 { // no fault is drawn, and no limit of time
			return checkers.Failed("fallback without a reason", fmt.Sprintf("run %d of %d at once: %d attempts failed, and the run fell back %d times: %q", i, tasksAtOnce, m.Failed, m.Fallbacks, m.Errors))
		}
	}
	return checkers.Passed()
}

// atOnce is V15.
func atOnce() properties.Testable {
	g := workloads(with(programs.AnyProgram(), func(o *programs.Options) {
		o.Faults, o.JoinLimit, o.RunLimit, o.Limits, o.MaxStatements, o.LargeStatements = 0, 0, 0, 0, 8, 0
	}))
	parallel := properties.Condition[program.Workload, ran]{Name: "a parallel run", Holds: func(_ program.Workload, r ran) bool {
		return r.Runs[0].Mode == program.Parallel
	}}
	return &properties.Property[program.Workload, ran]{
		ID: "V15", Group: Group, Statement: "runs at once on one machine give what each gives alone, and no machine has a configuration out of range",
		Source: properties.Here(0), System: shared{}, Generator: g, Codec: codec, Size: size, Real: quick,
		Checkers:  []checkers.Checker[program.Workload, ran]{eachAsAlone{outcome.Programs()}},
		Sometimes: []properties.Condition[program.Workload, ran]{parallel},
		Classify:  func(w program.Workload, _ ran) []string { return programs.Classify(w) },
	}
}
