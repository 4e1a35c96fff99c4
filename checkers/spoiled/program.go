package spoiled

import (
	"slices"
	"time"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// ofProgram adds the changes of runs of programs.
func ofProgram(o *trace.ProgramObservation, add func(string, func(*trace.ProgramObservation))) {
	if o.End == trace.ProgramTimedOut {
		add("work long after the end", goOn(lateCalls))
	}
	if o.End != trace.ProgramRan {
		add("an end told as a result", func(o *trace.ProgramObservation) { o.End, o.Error = trace.ProgramRan, "" })
		return
	}
	for _, end := range []trace.ProgramEnd{trace.ProgramRefused, trace.ProgramTimedOut, trace.ProgramCancelled, trace.ProgramGaveUp} {
		add("a result told as an end: "+end.String(), func(o *trace.ProgramObservation) {
			o.End, o.Error, o.Outcome = end, "no result", program.Outcome{}
		})
	}
	if o.Outcome.Err != nil {
		add("an error told as a success", func(o *trace.ProgramObservation) { o.Outcome.Err, o.Error = nil, "" })
	}
	movedCuts(o, add)
	timedOutJoins(o, add)
	if slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == trace.ChunkMerge }) {
		add("a fallback without a reason", fallBackInstead)
	}
	for i, e := range o.Events {
		if e.Kind != trace.ChunkStart {
			continue
		}
		for _, bad := range []struct {
			word string
			kind trace.ChunkEventKind
		}{{"a failed", trace.ChunkFail}, {"a panicked", trace.ChunkPanic}, {"an overdue", trace.ChunkTimeout}, {"an abandoned", trace.ChunkAbandon}} {
			add(bad.word+" attempt before the one that counts", failFirst(i, bad.kind))
		}
	}
}

// lateCalls are more than anybody makes before it looks whether its run is over.
const lateCalls = 1<<14 + 1

// goOn lets a worker go on to access shared variables so often when its run has been over for long.
func goOn(calls int) func(*trace.ProgramObservation) {
	return func(o *trace.ProgramObservation) {
		o.Calls = slices.Clone(o.Calls)
		for i := range time.Duration(calls) {
			o.Calls = append(o.Calls, trace.SharedCall{Task: 1, Op: program.SharedRead, Chunk: -1, Call: 1<<62 + i, Return: 1<<62 + i})
		}
	}
}

// movedCuts adds changes of the place where the code is cut between two chunks, by an instruction.
func movedCuts(o *trace.ProgramObservation, add func(string, func(*trace.ProgramObservation))) {
	for i := 1; i < len(o.Chunks); i++ {
		for _, move := range []struct {
			word string
			by   int
		}{{"back", -1}, {"on", 1}} {
			add("a cut moved "+move.word, func(o *trace.ProgramObservation) {
				o.Chunks = slices.Clone(o.Chunks)
				o.Chunks[i-1].To += move.by
				o.Chunks[i].From += move.by
			})
		}
	}
}

// timedOutJoins adds that a fork that was joined has timed out instead, so that none of its workers was merged.
func timedOutJoins(o *trace.ProgramObservation, add func(string, func(*trace.ProgramObservation))) {
	for i, join := range o.Forks {
		if join.Kind != trace.ForkJoin {
			continue
		}
		add("a join told as a timeout", func(o *trace.ProgramObservation) {
			forks := slices.Clone(o.Forks)
			forks[i].Kind = trace.ForkTimeout
			o.Forks = slices.DeleteFunc(forks, func(e trace.ForkEvent) bool { return e.Kind == trace.ForkMerge && e.Fork == join.Fork })
		})
	}
}

// fallBackInstead tells of a run whose chunks were merged that it dropped them all and ran again sequentially.
func fallBackInstead(o *trace.ProgramObservation) {
	merged := func(e trace.ChunkEvent) bool { return e.Kind == trace.ChunkMerge || e.Kind == trace.ChunkFallback }
	events := slices.DeleteFunc(slices.Clone(o.Events), merged)
	at := o.Events[len(o.Events)-1].Time
	o.Events = append(events, trace.ChunkEvent{Time: at, Kind: trace.ChunkFallback})
	o.Mode, o.Metrics.Fallbacks = program.Sequential, 1
}

// failFirst puts an attempt that goes wrong before the one that begins with event i, and counts it in.
func failFirst(i int, kind trace.ChunkEventKind) func(*trace.ProgramObservation) {
	return func(o *trace.ProgramObservation) {
		start := o.Events[i]
		end := start
		end.Kind = kind
		events := slices.Insert(slices.Clone(o.Events), i, start, end)
		for k := i + 2; k < len(events); k++ {
			e := &events[k]
			if e.Chunk == start.Chunk && e.Kind != trace.ChunkMerge && e.Kind != trace.ChunkFallback {
				e.Attempt++
			}
		}
		calls := slices.Clone(o.Calls)
		for k := range calls {
			if c := &calls[k]; c.Chunk == start.Chunk && c.Attempt >= start.Attempt {
				c.Attempt++
			}
		}
		o.Events, o.Calls = events, calls
		m := &o.Metrics
		if kind == trace.ChunkAbandon {
			m.Abandoned, m.Retried = m.Abandoned+1, m.Retried+1
			return
		}
		m.Failed, m.Retried = m.Failed+1, m.Retried+1
		m.Errors = append(slices.Clone(m.Errors), "an attempt failed")
	}
}
