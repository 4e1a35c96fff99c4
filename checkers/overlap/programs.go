package overlap

import (
	"fmt"
	"math"
	"time"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Programs returns the checker "overlap/program", which judges runs of programs in chunks that have a worker for each chunk, and in which
// attempts hang; it passes over others. As [New], it assumes that time passes only while all workers are busy or waiting: nothing but an
// attempt that hangs takes any, and so a chunk is attempted before time passes once those have succeeded that it waits for. Its rule is
// "idle".
func Programs() checkers.OfProgram {
	return checkers.Ran("overlap/program", func(w program.Workload, o *trace.ProgramObservation) checkers.Verdict {
		if !AppliesToProgram(w, o) {
			return checkers.Passed()
		}
		return idleChunk(w, o)
	})
}

// AppliesToProgram reports whether a run is one that the checker of programs judges: one in chunks, to its end, with a worker for each of them and
// nothing that keeps one back but others.
func AppliesToProgram(w program.Workload, o *trace.ProgramObservation) bool {
	n := len(o.Chunks)
	if w.Setup.Mode != program.Parallel || n < 2 || w.Setup.Workers < n || w.Setup.QueueSize > 0 && w.Setup.QueueSize < n || o.End != trace.ProgramRan {
		return false
	}
	for _, e := range o.Events {
		if e.Kind == trace.ChunkFallback || e.Kind == trace.ChunkAbandon {
			return false
		}
	}
	return true
}

func idleChunk(w program.Workload, o *trace.ProgramObservation) checkers.Verdict {
	ran := make([]interval, len(o.Chunks))
	began := make([]time.Duration, len(o.Chunks)) // the last attempt
	shortest := time.Duration(math.MaxInt64)      // that an attempt has hung
	for _, e := range o.Events {
		if e.Chunk < 0 || int(e.Chunk) >= len(ran) {
			return checkers.Undecided("an event is of chunk %d of %d", e.Chunk, len(ran))
		}
		c := &ran[e.Chunk]
		switch e.Kind {
		case trace.ChunkStart:
			if began[e.Chunk] = e.Time; !c.started {
				c.start, c.started = e.Time, true
			}
		case trace.ChunkTimeout:
			shortest = min(shortest, e.Time-began[e.Chunk])
		case trace.ChunkSucceed:
			c.end, c.done = e.Time, true
		}
	}
	for i, e := range o.Edges {
		if min(e.From, e.To) < 0 || int(max(e.From, e.To)) >= len(ran) {
			return checkers.Undecided("dependency %d is from chunk %d to %d, of %d", i, e.From, e.To, len(ran))
		}
	}
	for c := range ran {
		if !ran[c].started {
			continue // sequential execution does not reach it
		}
		last := -1 // of those that it waits for, the one that succeeded last
		ready := true
		for d := range c {
			if !holdsBack(o, int32(d), int32(c)) {
				continue
			}
			ready = ready && ran[d].done
			if last < 0 || ran[last].end < ran[d].end {
				last = d
			}
		}
		if last < 0 || !ready || ran[c].start-ran[last].end < shortest {
			continue
		}
		return checkers.Failed("idle",
			fmt.Sprintf("chunk %d could be attempted when chunk %d had succeeded, and there are %d workers for %d chunks, yet it was attempted only when time had passed in which others hung",
				c, last, w.Setup.Workers, len(ran)),
			fmt.Sprintf("chunk %d succeeded at %v", last, ran[last].end), fmt.Sprintf("chunk %d was attempted at %v", c, ran[c].start),
			fmt.Sprintf("the shortest attempt that hung took %v", shortest))
	}
	return checkers.Passed()
}

// holdsBack reports whether chunk to may have to wait for chunk from, which comes before it: private copies make up for what a later chunk overwrites.
func holdsBack(o *trace.ProgramObservation, from, to int32) bool {
	if !o.Chunks[from].Parallel || !o.Chunks[to].Parallel {
		return true
	}
	for _, e := range o.Edges {
		if e.From == from && e.To == to && e.Kinds&^(trace.ChunkWAR|trace.ChunkWAW) != 0 {
			return true
		}
	}
	return false
}
