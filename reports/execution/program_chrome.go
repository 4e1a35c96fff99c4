package execution

import (
	"fmt"
	"io"
	"time"

	"synchrony/models/trace"
)

// The processes of a program's trace.
const (
	poolProcess = iota // a thread for each worker that executes chunks
	forkProcess        // a thread for each worker of each fork
	taskProcess        // a thread for each task that used shared variables
)

// ChromeProgram writes what happened during a program's execution as Chrome trace events: a track
// for each worker of the pool, with a span for each attempt at a chunk (or one for the whole
// program, if there were none); one for each worker of each fork, with its barriers; and the
// operations on shared variables, by the task that did them.
func ChromeProgram(w io.Writer, e *ProgramExecution) error {
	o := &e.Observation
	c := &chromeTrace{named: map[[2]int32]bool{}}
	for i := range max(1, o.Metrics.Workers) {
		c.thread(poolProcess, int32(i), fmt.Sprintf("worker %d", i))
	}
	c.attempts(o)
	if len(o.Events) == 0 {
		c.span(poolProcess, 0, "program", 0, o.Metrics.Total, map[string]any{"end": e.Outcome()})
	}
	c.forks(o)
	for _, call := range o.Calls {
		c.thread(taskProcess, call.Task, fmt.Sprintf("task %d", call.Task))
		c.span(taskProcess, call.Task, callText(o, call), call.Call, call.Return-call.Call, nil)
	}
	return writeChrome(w, c.events)
}

// chromeTrace gathers events, and names the tracks and processes that they are on.
type chromeTrace struct {
	events []chromeEvent
	named  map[[2]int32]bool // process and thread
}

func (c *chromeTrace) thread(process int, id int32, name string) {
	key := [2]int32{int32(process), id}
	if c.named[key] {
		return
	}
	c.named[key] = true
	if first := [2]int32{int32(process), -1}; !c.named[first] {
		c.named[first] = true
		title := []string{poolProcess: "workers of the pool", forkProcess: "workers of forks", taskProcess: "shared variables"}[process]
		c.events = append(c.events, chromeEvent{Name: "process_name", Phase: "M", PID: process, Args: map[string]any{"name": title}})
	}
	event := threadName(id, name)
	event.PID = process
	c.events = append(c.events, event)
}

func (c *chromeTrace) span(process int, thread int32, name string, start, length time.Duration, args map[string]any) {
	dur := micros(length)
	c.events = append(c.events, chromeEvent{Name: name, Phase: "X", Time: micros(start), Dur: &dur, PID: process, TID: thread, Args: args})
}

func (c *chromeTrace) instant(process int, thread int32, name string, at time.Duration) {
	c.events = append(c.events, chromeEvent{Name: name, Phase: "i", Time: micros(at), PID: process, TID: thread, Scope: "t"})
}

// attempts draws a span for each attempt at a chunk.
func (c *chromeTrace) attempts(o *trace.ProgramObservation) {
	begun := map[[2]int32]time.Duration{} // by chunk and attempt
	for _, e := range o.Events {
		key := [2]int32{e.Chunk, e.Attempt}
		c.thread(poolProcess, e.Worker, fmt.Sprintf("worker %d", e.Worker))
		start, open := begun[key]
		switch {
		case e.Kind == trace.ChunkStart:
			begun[key] = e.Time
		case open && e.Kind != trace.ChunkMerge && e.Kind != trace.ChunkFallback:
			delete(begun, key)
			c.span(poolProcess, e.Worker, fmt.Sprintf("chunk %d", e.Chunk), start, e.Time-start,
				map[string]any{"attempt": e.Attempt, "end": chunkEventName(e.Kind)})
		default:
			c.instant(poolProcess, e.Worker, fmt.Sprintf("%s %d", chunkEventName(e.Kind), e.Chunk), e.Time)
		}
	}
}

// forks draws a span for each worker of each fork, and an instant for all that it does.
func (c *chromeTrace) forks(o *trace.ProgramObservation) {
	tracks := map[[2]int32]int32{} // by fork and worker; -1 is the fork's own
	numbers := forkNumbers(o)
	track := func(fork, worker int32) int32 {
		id, ok := tracks[[2]int32{fork, worker}]
		if !ok {
			id = int32(len(tracks))
			tracks[[2]int32{fork, worker}] = id
			name := fmt.Sprintf("fork %d", *numbers[fork])
			if worker >= 0 {
				name += fmt.Sprintf(" worker %d", worker)
			}
			c.thread(forkProcess, id, name)
		}
		return id
	}
	begun := map[int32]time.Duration{} // by track
	for _, e := range o.Forks {
		id := track(e.Fork, e.Worker)
		start, open := begun[id]
		switch {
		case e.Kind == trace.ForkBegin || e.Kind == trace.WorkerBegin:
			begun[id] = e.Time
		case open && e.Kind == trace.WorkerEnd:
			c.span(forkProcess, id, fmt.Sprintf("worker %d", e.Worker), start, e.Time-start, nil)
		case open && (e.Kind == trace.ForkJoin || e.Kind == trace.ForkTimeout):
			c.span(forkProcess, id, forkEventName(e.Kind), start, e.Time-start, nil)
		default:
			c.instant(forkProcess, id, forkEventName(e.Kind), e.Time)
		}
	}
	for _, e := range o.Barriers {
		c.instant(forkProcess, track(e.Fork, e.Worker), fmt.Sprintf("barrier %d %s, round %d", e.Barrier, barrierEventName(e.Kind), e.Round), e.Time)
	}
}
