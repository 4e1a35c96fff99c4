package vm

import (
	"context"
	"fmt"
	"reflect"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// timesOver is how often V19 runs a program. What is told in the order of a map of two differs from one time to the next in
// half of all cases.
const timesOver = 3

// repeated runs a program again and again, each time on a machine that has not seen it.
type repeated struct{ base system }

func (r repeated) Name() string { return r.base.Name() + ": run again" }

func (r repeated) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) ([]trace.ProgramObservation, error) {
	var all []trace.ProgramObservation
	for range timesOver {
		o, err := r.base.Run(ctx, rt, w)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// eachTime decides V19.
type eachTime struct{}

func (eachTime) Name() string { return "agreement" }

func (eachTime) Check(_ program.Workload, all []trace.ProgramObservation) checkers.Verdict {
	for i := 1; i < len(all); i++ {
		if what := difference(&all[0], &all[i]); what != "" {
			return checkers.Failed("results differ", fmt.Sprintf("run 1 and run %d of the same program differ in %s", i+1, what))
		}
	}
	return checkers.Passed()
}

// difference names the first thing in which two runs differ that depends on the program alone; "" if nothing does.
func difference(a, b *trace.ProgramObservation) string {
	for _, f := range []struct {
		what string
		a, b any
	}{
		{"variables", a.Variables[:a.Globals], b.Variables[:b.Globals]},
		{"shared variables", a.Variables[a.Globals:], b.Variables[b.Globals:]},
		{"chunks", a.Chunks, b.Chunks},
		{"dependencies", a.Edges, b.Edges},
		{"cells", a.Cells, b.Cells},
		{"outcome", a.Ending(), b.Ending()},
		{"error", a.Error, b.Error},
		{"steps, memory and time", usage(a), usage(b)},
	} {
		if !reflect.DeepEqual(f.a, f.b) {
			return fmt.Sprintf("%s: %+v, and %+v", f.what, f.a, f.b)
		}
	}
	return ""
}

func usage(o *trace.ProgramObservation) [3]int64 {
	return [3]int64{o.Outcome.Steps, o.Outcome.Memory, o.Outcome.Time}
}

// repeats is V19: S14 for programs. What is drawn depends on no order of workers and on no time.
func repeats(s system) properties.Testable {
	g := workloads(with(programs.AnyProgram(), func(o *programs.Options) {
		o.Racy, o.JoinLimit, o.RunLimit, o.Cancels, o.Limits, o.Faults, o.LargeStatements, o.Modes = 0, 0, 0, 0, 0, 0, 0, 5
		o.MaxStatements, o.Shared, o.Collections = 10, 6, 8
	}))
	first := func(c condition) properties.Condition[program.Workload, []trace.ProgramObservation] {
		return properties.Condition[program.Workload, []trace.ProgramObservation]{
			Name: c.Name, Holds: func(w program.Workload, all []trace.ProgramObservation) bool { return c.Holds(w, all[0]) },
		}
	}
	return &properties.Property[program.Workload, []trace.ProgramObservation]{
		ID: "V19", Group: Group, Statement: "repeated runs of a program are identical: outcome, error, chunks, dependencies and their order",
		Source: properties.Here(0), System: repeated{s}, Generator: g, Codec: codec, Size: size, Real: quick,
		Checkers:  []checkers.Checker[program.Workload, []trace.ProgramObservation]{eachTime{}},
		Cause:     causeAmong,
		Sometimes: []properties.Condition[program.Workload, []trace.ProgramObservation]{first(crossed), first(succeeded), first(failed)},
		Classify:  func(w program.Workload, _ []trace.ProgramObservation) []string { return programs.Classify(w) },
	}
}
