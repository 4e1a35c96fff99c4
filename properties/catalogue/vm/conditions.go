package vm

import (
	"slices"

	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// What a run of a property should meet sometimes.
var (
	chunked = seen("several chunks", func(o *trace.ProgramObservation) bool { return len(o.Chunks) > 1 })
	crossed = seen("a dependency between chunks", func(o *trace.ProgramObservation) bool {
		return len(o.Edges) > 0
	})
	abandoned = seen("an abandoned attempt", func(o *trace.ProgramObservation) bool { return happened(o, trace.ChunkAbandon) })
	retried   = seen("a retry", func(o *trace.ProgramObservation) bool {
		return slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == trace.ChunkStart && e.Attempt > 0 })
	})
	panicked  = seen("an attempt that panicked", func(o *trace.ProgramObservation) bool { return happened(o, trace.ChunkPanic) })
	hung      = seen("an attempt that hung", func(o *trace.ProgramObservation) bool { return happened(o, trace.ChunkTimeout) })
	fellBack  = seen("a fallback", func(o *trace.ProgramObservation) bool { return happened(o, trace.ChunkFallback) })
	printed   = seen("output", func(o *trace.ProgramObservation) bool { return len(o.Outcome.Output) > 0 })
	succeeded = seen("a success", func(o *trace.ProgramObservation) bool { return o.End == trace.ProgramRan && o.Outcome.Err == nil })
	failed    = seen("an error", func(o *trace.ProgramObservation) bool { return o.Outcome.Err != nil })
	timedOut  = seen("a timeout of the run", func(o *trace.ProgramObservation) bool { return o.End == trace.ProgramTimedOut })
	cancelled = seen("a cancellation", func(o *trace.ProgramObservation) bool { return o.End == trace.ProgramCancelled })
	gaveUp    = seen("a run that gave up", func(o *trace.ProgramObservation) bool { return o.End == trace.ProgramGaveUp })
	forked    = seen("a fork", func(o *trace.ProgramObservation) bool { return len(o.Forks) > 0 })
	forkedOut = seen("a fork that was merged", func(o *trace.ProgramObservation) bool {
		return slices.ContainsFunc(o.Forks, func(e trace.ForkEvent) bool { return e.Kind == trace.ForkMerge && e.Worker > 0 })
	})
	joinTimedOut = seen("a join's timeout", func(o *trace.ProgramObservation) bool {
		return slices.ContainsFunc(o.Forks, func(e trace.ForkEvent) bool { return e.Kind == trace.ForkTimeout })
	})
	metBarrier    = seen("a barrier passed", func(o *trace.ProgramObservation) bool { return met(o, trace.BarrierPass) })
	brokenBarrier = seen("a broken barrier", func(o *trace.ProgramObservation) bool { return met(o, trace.BarrierBreak) })
	secondRound   = seen("a second round", func(o *trace.ProgramObservation) bool {
		return slices.ContainsFunc(o.Barriers, func(e trace.BarrierEvent) bool { return e.Round > 0 })
	})
	sharing = seen("shared accesses", func(o *trace.ProgramObservation) bool { return len(o.Calls) > 0 })
	mapped  = condition{Name: "a PARALLEL_MAP", Holds: func(w program.Workload, _ trace.ProgramObservation) bool {
		return uses(w.Program, program.ParallelMap)
	}}
	raced = condition{Name: "shared accesses in a fork", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
		return slices.ContainsFunc(o.Calls, func(c trace.SharedCall) bool { return c.Op != program.SharedRead }) && len(o.Forks) > 0
	}}
	// Mode auto runs a program in parallel from its beginning only if the cost of all its chunks is known.
	wentParallel = condition{Name: "auto went parallel", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
		return w.Setup.Mode == program.Auto && slices.ContainsFunc(o.Chunks, func(c trace.Chunk) bool { return c.Unbounded })
	}}
	// A run in chunks that succeeded without the last of them.
	returned = condition{Name: "a return before the last chunk", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
		last := int32(len(o.Chunks) - 1)
		return w.Setup.Mode == program.Parallel && succeeded.Holds(w, o) && happened(&o, trace.ChunkSucceed) && !happened(&o, trace.ChunkFallback) &&
			!slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == trace.ChunkMerge && e.Chunk == last })
	}}
	sizeable = condition{Name: "a large program", Holds: func(w program.Workload, _ trace.ProgramObservation) bool { return large(w) }}.DrawnBy(scaled())
	limited  = seen("a limit", func(o *trace.ProgramObservation) bool { return o.Outcome.Err != nil && o.Outcome.Err.Kind.Limit() })
)

func seen(name string, holds func(*trace.ProgramObservation) bool) condition {
	return condition{Name: name, Holds: func(_ program.Workload, o trace.ProgramObservation) bool { return holds(&o) }}
}

func happened(o *trace.ProgramObservation, kind trace.ChunkEventKind) bool {
	return slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == kind })
}

func met(o *trace.ProgramObservation, kind trace.BarrierEventKind) bool {
	return slices.ContainsFunc(o.Barriers, func(e trace.BarrierEvent) bool { return e.Kind == kind })
}

func uses(p *program.Program, op program.Opcode) bool {
	for f := range p.Functions {
		if slices.ContainsFunc(p.Functions[f].Code, func(in program.Instruction) bool { return in.Op == op }) {
			return true
		}
	}
	return false
}

// classify labels a case by what was drawn, and by what its default schedule showed.
func classify(w program.Workload, o trace.ProgramObservation) []string {
	l := programs.Classify(w)
	for _, c := range []condition{crossed, failed, forked, metBarrier, brokenBarrier, retried, fellBack, abandoned, joinTimedOut} {
		if c.Holds(w, o) {
			l.Add("ran: " + c.Name)
		}
	}
	return l
}

// size is what shrinking minimises.
func size(w program.Workload) int { return instructions(w.Program) }

func instructions(p *program.Program) int {
	n := 0
	for f := range p.Functions {
		n += len(p.Functions[f].Code)
	}
	return n
}

// large says whether a run of a workload may take so long that one must do: all others have a lower limit.
func large(w program.Workload) bool { return w.Setup.Limits.Steps > maxSteps }

// quick says whether a workload may run in real time: nothing waits for time to pass, and
// no timer decides how it ends.
func quick(w program.Workload) bool {
	for _, f := range w.Setup.Faults {
		if f.Kind == program.HangAttempt {
			return false
		}
	}
	return w.Setup.Timeout == 0 && w.Setup.CancelAfter == 0 && !limitsJoins(w.Program)
}

// limitsJoins reports whether some join has a timeout.
func limitsJoins(p *program.Program) bool {
	for f := range p.Functions {
		for _, in := range p.Functions[f].Code {
			if in.Op == program.JoinWorkers && in.A > 0 {
				return true
			}
		}
	}
	return false
}
