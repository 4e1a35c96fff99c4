package spoiled

import (
	"slices"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// programEquivalents are the changes of runs of programs that nobody need refuse.
var programEquivalents = []equivalent[program.Workload, trace.ProgramObservation]{
	{class: `(Events|Forks|Barriers)\[\w+\]\.Time .*|(Events|Forks|Barriers|Calls) came with the one before.*|Calls\[\w+\]\.(Call|Return) .*|Metrics\.(Total|Parallel|Merge) .*`, why: "what time it was the clock says; what times must be in order is in order"},
	{class: `(Events|Forks|Barriers) swapped .*`, why: "what two workers do commutes, unless one waits for the other"},
	{class: `(Forks|Barriers) emptied`, why: "whether a fork that is in a function, or may be skipped, was reached, and who came to its barriers, only this record tells"},
	{class: `(Events|Forks|Barriers|Calls) shifted`, why: "of so few, none waits for another"},
	{class: `Events\[(start|succeed|abandon)\]\.Worker .*|Events\[(merge|fallback)\]\.Worker .*`, why: "who merges, and who does what is not under way at one time, is the machine's business"},
	{class: `Calls .*|Calls\[\w+\].*`, why: "nobody saw what the call left, or it left nothing"},
	{class: `Accesses .*|Accesses\[\].*`, why: "only a system that is asked to records accesses, and of what was not merged, or ran beside workers, nobody knows what it should be"},
	{class: `Chunks\[\]\.(Reads|Writes|Must|Effects).*`, why: "an analysis may expect more than happens, and be less sure than it could be"},
	{class: `(Chunks\[\]\.Why|Error|Metrics\.Errors\[\]) changed`, why: "how a person is told is not laid down, but for what must be in it"},
	{class: `Events lost a merge`, why: "a RETURN may have ended the run before, where workers that see each other decide", holds: func(w program.Workload, _ *trace.ProgramObservation, _ Change) bool {
		return w.Program.Uses(program.ForkExecution) && w.Program.Uses(program.Return)
	}},
	{class: `Metrics\.Errors (swapped|shifted)`, why: "attempts that are under way at one time fail in any order"},
	{class: `Outcome\.Err\.Line zeroed`, why: "a machine need not know the source"},
	{class: `Outcome\.(Steps|Memory|Time) .*`, why: "what workers use that see each other, or time, depends on their order", holds: func(w program.Workload, _ *trace.ProgramObservation, _ Change) bool {
		return w.Program.Uses(program.ForkExecution)
	}},
	{class: `Outcome\.(Result|Output|Variables|Shared|Err|Steps|Memory|Time).*`, why: "where a limit strikes is not laid down, nor what is left then", holds: func(_ program.Workload, o *trace.ProgramObservation, _ Change) bool {
		return o.Outcome.Err != nil && o.Outcome.Err.Kind.Limit()
	}},
	{class: `Outcome\.Err\.(Detail|Function|Line).*`, why: "what workers use that see each other, or time, decides who fails with which values", holds: func(w program.Workload, _ *trace.ProgramObservation, _ Change) bool {
		return w.Program.Uses(program.ForkExecution)
	}},
	{class: `Variables (swapped|shifted|replaced by the one before)`, why: "no chunk that executions came to uses these variables"},
	{class: `Forks .*|Barriers .*|(Forks|Barriers)\[\w+\].*`, why: "what was cut short in a fork leaves no more than that", holds: func(_ program.Workload, o *trace.ProgramObservation, _ Change) bool {
		return cutShort(o)
	}},
	{class: `Metrics\.Retried raised`, why: "a run that is stopped may have decided on an attempt, and not begun it", holds: func(_ program.Workload, o *trace.ProgramObservation, _ Change) bool {
		return o.Mode == program.Sequential || o.End != trace.ProgramRan
	}},
	{class: `(a result told as an end: (timeout|cancelled)|End .*)`, why: "the run may have been ended when it was over, for all that is known of when that was", holds: func(w program.Workload, o *trace.ProgramObservation, _ Change) bool {
		return w.Setup.CancelAfter > 0 || w.Setup.NoMetrics || w.Setup.Timeout > 0 && o.Metrics.Total >= w.Setup.Timeout
	}},
	{class: `a result told as an end: gave up|End .*`, why: "attempts were to go wrong, and the run might not fall back", holds: func(w program.Workload, _ *trace.ProgramObservation, _ Change) bool {
		return w.Setup.NoFallback
	}},
	{class: `a cut moved (back|on)`, why: "the machine may cut wherever no value is on the stack, and what has changed its chunk has no effect"},
	{class: `an overdue attempt before the one that counts`, why: "the attempt has taken its time", holds: func(w program.Workload, _ *trace.ProgramObservation, _ Change) bool {
		return w.Setup.Timeout > 0
	}},
}

// cutShort reports whether some attempt or the run itself did not come to its end.
func cutShort(o *trace.ProgramObservation) bool {
	return o.End != trace.ProgramRan || o.Outcome.Err != nil || slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool {
		switch e.Kind {
		case trace.ChunkFail, trace.ChunkPanic, trace.ChunkTimeout, trace.ChunkAbandon, trace.ChunkFallback:
			return true
		}
		return false
	})
}
