package vm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/chunks"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// ways are how V20 runs each program: alone, in chunks as small as they get and larger ones, on one worker that executes them one after
// another, and on several. The limits are those of the workload, or what the program uses, or one step or byte less.
var ways = []way{
	{mode: program.Sequential, workers: 1, chunk: 1},
	{mode: program.Parallel, workers: 1, chunk: 1},
	{mode: program.Parallel, workers: 1, chunk: 7},
	{mode: program.Parallel, workers: 2, chunk: 3},
	{mode: program.Parallel, workers: 3, chunk: 20},
	{mode: program.Parallel, workers: 2, chunk: 50, queue: 1},
	{mode: program.Auto, workers: 2, chunk: 5},
	{mode: program.Parallel, workers: 2, chunk: 4, tight: true},
	{mode: program.Parallel, workers: 2, chunk: 4, tight: true, short: 1},
	{mode: program.Sequential, workers: 1, chunk: 4, tight: true, short: 1},
	{mode: program.Parallel, workers: 1, chunk: 3, full: true},
	{mode: program.Parallel, workers: 2, chunk: 4, full: true, short: 1},
	{mode: program.Parallel, workers: 2, chunk: 2, recording: true},
}

type way struct {
	mode                  program.Mode
	workers, chunk, queue int
	tight                 bool  // the step limit is what the program uses
	full                  bool  // the memory limit is
	short                 int64 // less so many
	recording             bool  // accesses are recorded
}

// of is the workload run in that way. What it uses is by the specification.
func (y way) of(w program.Workload, specified program.Outcome) program.Workload {
	s := &w.Setup
	s.Mode, s.Workers, s.ChunkSize, s.MinChunkSize, s.QueueSize = y.mode, y.workers, y.chunk, 1, y.queue
	if y.tight {
		s.Limits.Steps = max(1, specified.Steps-y.short)
	}
	if y.full {
		s.Limits.Memory = max(1, specified.Memory-y.short)
	}
	return w
}

// inEachWay runs a program in all ways.
type inEachWay struct{ machine, recording system }

func (e inEachWay) Name() string { return e.machine.Name() + ": alone and in chunks of many sizes" }

func (e inEachWay) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) ([]tried, error) {
	specified, err := program.Run(w.Program, w.Setup.Limits)
	if err != nil {
		return nil, err
	}
	var all []tried
	for _, y := range ways {
		t := tried{name: fmt.Sprintf("%v on %d workers, chunks of %d", y.mode, y.workers, y.chunk), workload: y.of(w, specified)}
		machine := e.machine
		if y.recording {
			machine = e.recording
		}
		if t.shown, err = machine.Run(ctx, rt, t.workload); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// eachWay decides V20. What an analysis should have known is asked of the last run, which records accesses.
type eachWay struct {
	each []checker
	last checker
}

func (eachWay) Name() string { return "instructions" }

func (c eachWay) Check(_ program.Workload, all []tried) checkers.Verdict {
	for i, t := range all {
		asked := c.each
		if i == len(all)-1 {
			asked = append(slices.Clone(asked), c.last)
		}
		for _, one := range asked {
			if v := one.Check(t.workload, t.shown); v.Status != checkers.Pass {
				v.Reason = t.name + ": " + v.Reason
				v.Evidence = append(v.Evidence, "the program:")
				v.Evidence = append(v.Evidence, strings.Split(program.Disassemble(t.workload.Program), "\n")...)
				return v
			}
		}
	}
	return checkers.Passed()
}

// anyShape is V20.
func anyShape(s, recording system) properties.Testable {
	type condition = properties.Condition[program.Workload, []tried]
	some := func(name string, holds func(trace.ProgramObservation) bool) condition {
		return condition{Name: name, Holds: func(_ program.Workload, all []tried) bool {
			return slices.ContainsFunc(all, func(t tried) bool { return holds(t.shown) })
		}}
	}
	return &properties.Property[program.Workload, []tried]{
		ID: "V20", Group: Group, Source: properties.Here(0),
		Statement: "code of any shape, from no expression or statement, gives what the specification says, alone and in chunks of any size, up to its last step",
		System:    inEachWay{s, recording}, Unscheduled: true, Codec: codec, Size: size,
		Generator: rapid.Map(programs.Shapes(), func(d programs.Drawn) program.Workload { return bounded(d.Workload) }),
		Checkers: []checkers.Checker[program.Workload, []tried]{
			eachWay{[]checker{outcome.Programs(), chunks.Attempts(), chunks.Partition(), chunks.Metrics(), exactReads()}, chunks.Dependencies()},
		},
		Sometimes: []condition{
			some("several chunks", func(o trace.ProgramObservation) bool { return len(o.Chunks) > 1 }),
			some("a success", func(o trace.ProgramObservation) bool { return o.Outcome.Err == nil }),
			some("an error", func(o trace.ProgramObservation) bool { return o.Outcome.Err != nil && !o.Outcome.Err.Kind.Limit() }),
			some("a limit", func(o trace.ProgramObservation) bool { return o.Outcome.Err != nil && o.Outcome.Err.Kind.Limit() }),
			some("a fork", func(o trace.ProgramObservation) bool { return len(o.Forks) > 0 }),
		},
		Classify: func(w program.Workload, _ []tried) []string { return programs.Classify(w) },
	}
}
