package overlap

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// TestOverlapOfPrograms: two chunks that read what a first one writes; an attempt at one of them hangs for a second.
func TestOverlapOfPrograms(t *testing.T) {
	event := func(kind trace.ChunkEventKind, chunk int32, at time.Duration) trace.ChunkEvent {
		return trace.ChunkEvent{Kind: kind, Chunk: chunk, Time: at}
	}
	run := func(third time.Duration, more ...trace.ChunkEvent) []trace.ChunkEvent {
		return append([]trace.ChunkEvent{
			event(trace.ChunkStart, 0, 1), event(trace.ChunkSucceed, 0, 2),
			event(trace.ChunkStart, 1, 3), event(trace.ChunkTimeout, 1, 3+time.Second), event(trace.ChunkStart, 1, 4+time.Second), event(trace.ChunkSucceed, 1, 5+time.Second),
			event(trace.ChunkStart, 2, third), event(trace.ChunkSucceed, 2, third+1),
		}, more...)
	}
	reads := func(kinds trace.ChunkDependencyKind) []trace.ChunkDependency {
		return []trace.ChunkDependency{{From: 0, To: 1, Kinds: trace.ChunkRAW}, {From: 0, To: 2, Kinds: trace.ChunkRAW}, {From: 1, To: 2, Kinds: kinds}}
	}
	const late = 6 + time.Second
	for _, c := range []struct {
		name   string
		setup  program.Setup
		change func(*trace.ProgramObservation)
		want   checkers.Status
	}{
		{"at once", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Events = run(4) }, checkers.Pass},
		{"behind one that hung", program.Setup{Workers: 3}, nil, checkers.Fail},
		{"behind one that it waits for", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Edges = reads(trace.ChunkRAW | trace.ChunkWAW) }, checkers.Pass},
		{"behind one whose variable it overwrites", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Edges = reads(trace.ChunkWAR | trace.ChunkWAW) }, checkers.Fail},
		{"behind one that runs alone", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Chunks[1].Parallel = false }, checkers.Pass},
		{"too few workers", program.Setup{Workers: 2}, nil, checkers.Pass},
		{"too short a queue", program.Setup{Workers: 3, QueueSize: 2}, nil, checkers.Pass},
		{"sequentially", program.Setup{Workers: 3, Mode: program.Sequential}, nil, checkers.Pass},
		{"with a fallback", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Events = run(late, event(trace.ChunkFallback, 2, late)) }, checkers.Pass},
		{"never", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Events = o.Events[:6] }, checkers.Pass},
		{"a chunk that is not there", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Events = run(late, event(trace.ChunkStart, 3, 1)) }, checkers.Unknown},
		{"a dependency of none", program.Setup{Workers: 3}, func(o *trace.ProgramObservation) { o.Edges[0].To = 9 }, checkers.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := program.Workload{Program: &program.Program{Functions: []program.Function{{Name: program.MainName}}}, Setup: c.setup}
			if w.Setup.Mode == program.Auto {
				w.Setup.Mode = program.Parallel
			}
			o := trace.ProgramObservation{End: trace.ProgramRan, Mode: w.Setup.Mode, Events: run(late)}
			o.Chunks = []trace.Chunk{{Parallel: true}, {Parallel: true}, {Parallel: true}}
			o.Edges = reads(trace.ChunkWAW)
			if c.change != nil {
				c.change(&o)
			}
			if v := Programs().Check(w, o); v.Status != c.want {
				t.Errorf("got %v (%s), want %v", v.Status, v.Reason, c.want)
			}
		})
	}
}
