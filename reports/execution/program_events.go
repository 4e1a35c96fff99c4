package execution

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// ProgramEvent is one thing that happened during a program's execution, in words. The fields that
// do not concern it are nil or empty.
type ProgramEvent struct {
	Nanoseconds int64  `json:"ns"`
	Kind        string `json:"kind"`             // "chunk start", "barrier pass", "shared call" …
	Worker      *int32 `json:"worker,omitempty"` // of the pool; of its fork, if Fork is there
	Chunk       *int32 `json:"chunk,omitempty"`
	Attempt     *int32 `json:"attempt,omitempty"`
	Fork        *int32 `json:"fork,omitempty"`
	Barrier     *int32 `json:"barrier,omitempty"`
	Round       *int32 `json:"round,omitempty"`
	Task        *int32 `json:"task,omitempty"`     // who called
	Call        string `json:"call,omitempty"`     // the instruction, its operands and its result
	Return      int64  `json:"returnNs,omitempty"` // when the call returned
}

func (e ProgramEvent) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %s", time.Duration(e.Nanoseconds), e.Kind)
	for _, field := range []struct {
		name  string
		value *int32
	}{
		{"task", e.Task}, {"fork", e.Fork}, {"worker", e.Worker}, {"chunk", e.Chunk}, {"attempt", e.Attempt},
		{"barrier", e.Barrier}, {"round", e.Round},
	} {
		if field.value != nil {
			fmt.Fprintf(&b, " %s %d", field.name, *field.value)
		}
	}
	if e.Call != "" {
		fmt.Fprintf(&b, ": %s", e.Call)
	}
	return b.String()
}

// ProgramEvents lists all that an observation has recorded, in order of time.
func ProgramEvents(o *trace.ProgramObservation) []ProgramEvent {
	forks := forkNumbers(o)
	events := make([]ProgramEvent, 0, len(o.Events)+len(o.Forks)+len(o.Barriers)+len(o.Calls))
	for _, e := range o.Events {
		events = append(events, ProgramEvent{
			Nanoseconds: int64(e.Time), Kind: "chunk " + chunkEventName(e.Kind), Worker: &e.Worker, Chunk: &e.Chunk, Attempt: &e.Attempt,
		})
	}
	for _, e := range o.Forks {
		event := ProgramEvent{Nanoseconds: int64(e.Time), Kind: forkEventName(e.Kind), Fork: forks[e.Fork]}
		if e.Worker >= 0 {
			event.Worker = &e.Worker
		}
		events = append(events, event)
	}
	for _, e := range o.Barriers {
		events = append(events, ProgramEvent{
			Nanoseconds: int64(e.Time), Kind: "barrier " + barrierEventName(e.Kind),
			Worker: &e.Worker, Fork: forks[e.Fork], Barrier: &e.Barrier, Round: &e.Round,
		})
	}
	for _, c := range o.Calls {
		event := ProgramEvent{Nanoseconds: int64(c.Call), Kind: "shared call", Task: &c.Task, Call: callText(o, c), Return: int64(c.Return)}
		if c.Chunk >= 0 {
			event.Chunk, event.Attempt = &c.Chunk, &c.Attempt
		}
		events = append(events, event)
	}
	slices.SortStableFunc(events, func(a, b ProgramEvent) int { return cmp.Compare(a.Nanoseconds, b.Nanoseconds) })
	return events
}

// forkNumbers numbers forks from 0 in the order of their beginning. The executor's own numbers are the
// same in every schedule, but large.
func forkNumbers(o *trace.ProgramObservation) map[int32]*int32 {
	numbers := map[int32]*int32{}
	for _, e := range o.Forks {
		if numbers[e.Fork] == nil {
			n := int32(len(numbers))
			numbers[e.Fork] = &n
		}
	}
	return numbers
}

// callText is an operation on a shared variable: "ATOMIC_ADD n (1) = 3".
func callText(o *trace.ProgramObservation, c trace.SharedCall) string {
	text := c.Op.String()
	if shared := o.Variables[min(o.Globals, len(o.Variables)):]; int(c.Variable) < len(shared) { // counted from the first shared one
		text += " " + shared[c.Variable]
	}
	var args []string
	for _, v := range c.Args {
		args = append(args, shorten(v))
	}
	if len(args) > 0 {
		text += " (" + strings.Join(args, ", ") + ")"
	}
	switch {
	case c.Failed:
		return text + " failed"
	case c.Op == program.SharedWrite: // has no result
		return text
	}
	return text + " = " + shorten(c.Result)
}

func nameOf[K ~uint8](names []string, kind K) string {
	if int(kind) < len(names) && names[kind] != "" {
		return names[kind]
	}
	return fmt.Sprint(uint8(kind))
}

func chunkEventName(k trace.ChunkEventKind) string {
	return nameOf([]string{
		trace.ChunkStart: "start", trace.ChunkSucceed: "success", trace.ChunkFail: "failure", trace.ChunkPanic: "panic",
		trace.ChunkTimeout: "timeout", trace.ChunkAbandon: "abandoned", trace.ChunkMerge: "merge", trace.ChunkFallback: "fallback",
	}, k)
}

func forkEventName(k trace.ForkEventKind) string {
	return nameOf([]string{
		trace.ForkBegin: "fork begin", trace.WorkerBegin: "worker begin", trace.WorkerEnd: "worker end",
		trace.ForkMerge: "worker merge", trace.ForkJoin: "fork join", trace.ForkTimeout: "fork timeout",
	}, k)
}

func barrierEventName(k trace.BarrierEventKind) string {
	return nameOf([]string{trace.BarrierArrive: "arrive", trace.BarrierPass: "pass", trace.BarrierBreak: "broken"}, k)
}
