package execution

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// pipeline is executed by pipelineExecution.
const pipeline = `
.set mode parallel
.set workers 2
.expect result 42
.expect var x = EXPECTED
    LOAD_CONST 40
    STORE_NAME x
    FORK_EXECUTION 1
    LOAD_CONST 1
    ATOMIC_ADD x
    SHARED_WRITE m
    BARRIER_SYNC 7
    JOIN_WORKERS 0
    LOAD_NAME x
    LOAD_CONST 2
    ADD
    RETURN
`

// pipelineExecution is an execution in which everything happened that can, made up so that it
// depends on nothing but this file.
func pipelineExecution(t *testing.T, expected string) *ProgramExecution {
	t.Helper()
	w, err := program.Load("pipeline.zxasm", []byte(strings.Replace(pipeline, "EXPECTED", expected, 1)))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"x", "y", "x", "m"} // two globals, two shared variables
	one, two := program.Int(1), program.Int(2)
	o := trace.ProgramObservation{
		End: trace.ProgramRan, Mode: program.Parallel, Variables: names, Globals: 2,
		Outcome: program.Outcome{
			Result: program.Int(42), Variables: []program.Binding{{Name: "x", Value: program.Int(40)}}, Steps: 1234, Memory: 23, Time: 5,
			Shared: []program.Binding{{Name: "m", Value: program.String(strings.Repeat("m", 300))}, {Name: "x", Value: one}},
			Output: []string{"a line", "a\x1b[31mb"},
		},
		Events: []trace.ChunkEvent{
			{Time: 100, Kind: trace.ChunkStart, Worker: 0, Chunk: 0},
			{Time: 150, Kind: trace.ChunkStart, Worker: 1, Chunk: 2},
			{Time: 200, Kind: trace.ChunkFail, Worker: 1, Chunk: 2},
			{Time: 250, Kind: trace.ChunkStart, Worker: 1, Chunk: 2, Attempt: 1},
			{Time: 300, Kind: trace.ChunkSucceed, Worker: 0, Chunk: 0},
			{Time: 310, Kind: trace.ChunkStart, Worker: 0, Chunk: 1},
			{Time: 400, Kind: trace.ChunkSucceed, Worker: 1, Chunk: 2, Attempt: 1},
			{Time: 900, Kind: trace.ChunkSucceed, Worker: 0, Chunk: 1},
			{Time: 910, Kind: trace.ChunkMerge, Worker: 0, Chunk: 0},
		},
		Forks: []trace.ForkEvent{
			{Time: 400, Kind: trace.ForkBegin, Fork: 65536, Worker: -1, Workers: 1},
			{Time: 410, Kind: trace.WorkerBegin, Fork: 65536, Workers: 1},
			{Time: 700, Kind: trace.WorkerEnd, Fork: 65536, Workers: 1},
			{Time: 710, Kind: trace.ForkMerge, Fork: 65536, Workers: 1},
			{Time: 720, Kind: trace.ForkJoin, Fork: 65536, Worker: -1, Workers: 1},
		},
		Barriers: []trace.BarrierEvent{
			{Time: 600, Kind: trace.BarrierArrive, Fork: 65536, Workers: 1, Barrier: 7},
			{Time: 610, Kind: trace.BarrierPass, Fork: 65536, Workers: 1, Barrier: 7},
		},
		Calls: []trace.SharedCall{
			{Task: 3, Op: program.AtomicAdd, Variable: 0, Args: []program.Value{one}, Result: two, Call: 500, Return: 520, Chunk: 1},
			{Task: 3, Op: program.SharedWrite, Variable: 1, Args: []program.Value{two}, Call: 530, Return: 540, Chunk: 1},
			{Task: 4, Op: program.AtomicAdd, Variable: 1, Args: []program.Value{program.Nil}, Failed: true, Call: 550, Return: 560, Chunk: -1},
		},
		Metrics: trace.ProgramMetrics{
			Total: 3 * time.Microsecond, Parallel: 2 * time.Microsecond, Merge: time.Microsecond, Chunks: 3, Workers: 2,
			Succeeded: 3, Failed: 1, Retried: 1, Errors: []string{"attempt 0 at chunk 2: injected"},
		},
	}
	return &ProgramExecution{
		Workload: w, Observation: o, Events: true,
		Comparison: &Comparison{Pairs: 3, Sequential: 3 * time.Millisecond, Elapsed: 2 * time.Millisecond},
		Analysis: &trace.ProgramAnalysis{
			Variables: names, Globals: 2,
			Chunks: []trace.Chunk{
				{From: 0, To: 2, Writes: []int32{0}, Must: []int32{0}, Parallel: true, Why: "the program begins"},
				{From: 2, To: 8, Reads: []int32{2}, Writes: []int32{1, 2, 3}, Must: []int32{3}, Effects: program.Forks | program.MayFail | program.Waits, Why: "it is full"},
				{From: 8, To: 12, Reads: []int32{0}, Effects: program.Branches, Parallel: true, Why: "it is full, too"},
			},
			Edges: []trace.ChunkDependency{
				{From: 0, To: 1, Kinds: trace.ChunkBudget},
				{From: 0, To: 2, Kinds: trace.ChunkRAW | trace.ChunkWAW | trace.ChunkOutput, Variables: []int32{0, 2}},
				{From: 1, To: 2, Kinds: trace.ChunkControl},
			},
		},
	}
}

func TestProgramExecution(t *testing.T) {
	for name, expected := range map[string]string{"program": "40", "unexpected": "41"} {
		t.Run(name, func(t *testing.T) {
			e := pipelineExecution(t, expected)
			golden.Check(t, name+".txt", func(w io.Writer) error { return ProgramText(w, e, false) })
			golden.Check(t, name+".json", func(w io.Writer) error { return ProgramJSON(w, e) })
			golden.Check(t, name+".trace.json", func(w io.Writer) error { return ChromeProgram(w, e) })
			if want := expected == "40"; e.Succeeded() != want {
				t.Errorf("succeeded is %v, want %v", e.Succeeded(), want)
			}
		})
	}
}

// TestProgramEnds: what did not come to its end has not succeeded, and shows no values, whatever
// the text expects.
func TestProgramEnds(t *testing.T) {
	for end, want := range map[trace.ProgramEnd]string{
		trace.ProgramTimedOut: "timeout", trace.ProgramCancelled: "cancelled", trace.ProgramGaveUp: "gave up", trace.ProgramRefused: "refused",
	} {
		e := pipelineExecution(t, "40")
		e.Observation.End, e.Observation.Error, e.Observation.Outcome = end, "why", program.Outcome{}
		var text bytes.Buffer
		if err := ProgramText(&text, e, false); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); e.Succeeded() || !strings.HasPrefix(got, want+" after 3µs\nwhy\n") || strings.Contains(got, "expected") || strings.Contains(got, "result") {
			t.Errorf("%s: succeeded %v:\n%s", want, e.Succeeded(), got)
		}
	}
}

// TestSpeedupIsMeasuredOrAbsent: no number without a comparison, in any form.
func TestSpeedupIsMeasuredOrAbsent(t *testing.T) {
	e := pipelineExecution(t, "40")
	e.Comparison = nil
	var text, document bytes.Buffer
	if err := errors.Join(ProgramText(&text, e, false), ProgramJSON(&document, e)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "speedup: not measured") || strings.Contains(document.String(), "speedup") {
		t.Errorf("there is a speedup that nobody measured:\n%s\n%s", &text, &document)
	}
}

// TestChromeProgramWithoutChunks: a program that ran without workers is one span on one track.
func TestChromeProgramWithoutChunks(t *testing.T) {
	e := pipelineExecution(t, "40")
	e.Observation = trace.ProgramObservation{
		End: trace.ProgramRan, Outcome: program.Outcome{Err: &program.RunError{Kind: program.DivisionByZero, Name: "main"}},
		Metrics: trace.ProgramMetrics{Total: 3 * time.Microsecond, Workers: 1},
	}
	var b bytes.Buffer
	if err := ChromeProgram(&b, e); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		TraceEvents []struct {
			Name, Ph string
			Dur      float64
			Args     map[string]any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	events := doc.TraceEvents
	if len(events) != 3 || events[1].Args["name"] != "worker 0" || events[2].Ph != "X" || events[2].Dur != 3 || events[2].Args["end"] != "failed" {
		t.Errorf("unexpected events: %s", &b)
	}
}
