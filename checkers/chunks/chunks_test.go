package chunks_test

import (
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/chunks"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// text is three chunks: a := 1 and a line of output; b := a and another; a := 5 if b, which
// may not happen.
const text = `
.set mode parallel
.set workers 2
LOAD_CONST 1
STORE_NAME a
LOAD_NAME a
PRINT
LOAD_NAME a
STORE_NAME b
LOAD_NAME b
PRINT
LOAD_NAME b
JUMP_IF_FALSE end
LOAD_CONST 5
STORE_NAME a
end:
NOP
`

func load(t *testing.T, text string) program.Workload {
	t.Helper()
	w, err := program.ParseWorkload("case", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return *w
}

// right is a run of text as it should be, all recorded.
func right() trace.ProgramObservation {
	const reads, writes = program.ReadsVariable, program.WritesVariable
	event := func(at int, kind trace.ChunkEventKind, worker, chunk int32) trace.ChunkEvent {
		return trace.ChunkEvent{Time: time.Duration(at), Kind: kind, Worker: worker, Chunk: chunk}
	}
	return trace.ProgramObservation{
		End: trace.ProgramRan, Mode: program.Parallel, Variables: []string{"a", "b"}, Globals: 2,
		Chunks: []trace.Chunk{
			{From: 0, To: 4, Writes: []int32{0}, Must: []int32{0}, Effects: reads | writes | program.Prints | program.MayFail, Parallel: true, Why: "it begins"},
			{From: 4, To: 8, Reads: []int32{0}, Writes: []int32{1}, Must: []int32{1}, Effects: reads | writes | program.Prints | program.MayFail, Parallel: true, Why: "size"},
			{From: 8, To: 13, Reads: []int32{1}, Writes: []int32{0}, Effects: reads | writes | program.Branches | program.MayFail, Parallel: true, Why: "size"},
		},
		Edges: []trace.ChunkDependency{
			{From: 0, To: 1, Kinds: trace.ChunkRAW | trace.ChunkOutput | trace.ChunkControl, Variables: []int32{0}},
			{From: 0, To: 2, Kinds: trace.ChunkWAW | trace.ChunkRAW, Variables: []int32{0}},
			{From: 1, To: 2, Kinds: trace.ChunkRAW | trace.ChunkWAR | trace.ChunkControl, Variables: []int32{0, 1}},
		},
		Cells: []trace.CellVersion{{Chunk: 0, Variable: 0}, {Chunk: 1, Variable: 1}, {Chunk: 2, Variable: 0}},
		Events: []trace.ChunkEvent{
			event(1, trace.ChunkStart, 0, 0), event(2, trace.ChunkSucceed, 0, 0), event(3, trace.ChunkStart, 1, 1),
			event(4, trace.ChunkSucceed, 1, 1), event(5, trace.ChunkStart, 0, 2), event(6, trace.ChunkSucceed, 0, 2),
			event(7, trace.ChunkMerge, 0, 0), event(8, trace.ChunkMerge, 0, 1), event(9, trace.ChunkMerge, 0, 2),
		},
		Accesses: []trace.ChunkAccess{
			{Chunk: 0, Writes: []int32{0}}, {Chunk: 1, Reads: []int32{0}, Writes: []int32{1}}, {Chunk: 2, Reads: []int32{1}, Writes: []int32{0}},
		},
		Metrics: trace.ProgramMetrics{Total: 10, Parallel: 6, Merge: 3, Chunks: 3, Workers: 2, Succeeded: 3},
	}
}

// faulty is right with a first attempt at chunk 1 that failed.
func faulty(o *trace.ProgramObservation) {
	more := []trace.ChunkEvent{
		{Time: 3, Kind: trace.ChunkStart, Chunk: 1, Worker: 1}, {Time: 3, Kind: trace.ChunkFail, Chunk: 1, Worker: 1},
		{Time: 4, Kind: trace.ChunkStart, Chunk: 1, Worker: 1, Attempt: 1}, {Time: 4, Kind: trace.ChunkSucceed, Chunk: 1, Worker: 1, Attempt: 1},
	}
	o.Events = append(append(append([]trace.ChunkEvent(nil), o.Events[:2]...), more...), o.Events[4:]...)
	o.Metrics.Failed, o.Metrics.Retried, o.Metrics.Errors = 1, 1, []string{"attempt 0 at chunk 1: injected"}
}

func drop(es []trace.ChunkEvent, i int) []trace.ChunkEvent {
	return append(append([]trace.ChunkEvent(nil), es[:i]...), es[i+1:]...)
}

const fault = ".fault fail chunk 1 attempt 0 after 0\n"

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name, checker, text string
		change              func(o *trace.ProgramObservation)
		rule                string // empty for a pass
	}{
		{"all is well", "partition", ".set chunk_size 4\n" + text, func(*trace.ProgramObservation) {}, ""},
		{"two that fit into one", "partition", ".set chunk_size 8\n" + text, func(*trace.ProgramObservation) {}, "small chunks"},
		{"a gap", "partition", text, func(o *trace.ProgramObservation) { o.Chunks[1].From = 5 }, "no partition"},
		{"the end is missing", "partition", text, func(o *trace.ProgramObservation) { o.Chunks[2].To = 12 }, "no partition"},
		{"a value on the stack", "partition", text, func(o *trace.ProgramObservation) { o.Chunks[0].To, o.Chunks[1].From = 3, 3 }, "cut at a stack depth"},
		{"within a branch", "partition", text, func(o *trace.ProgramObservation) {
			o.Chunks[1].To, o.Chunks[2].From = 10, 10
			o.Chunks[1].Effects |= program.Branches
		}, "jump over a cut"},
		{"within a fork", "partition", "FORK_EXECUTION 2\nNOP\nNOP\nJOIN_WORKERS 0\n", func(o *trace.ProgramObservation) {
			o.Chunks = []trace.Chunk{{To: 2, Effects: program.Forks, Why: "it begins"}, {From: 2, To: 4, Why: "size"}}
			o.Edges, o.Accesses, o.Events = nil, nil, nil
		}, "cut in a fork"},
		{"no word of why", "partition", text, func(o *trace.ProgramObservation) { o.Chunks[1].Why = "" }, "unexplained cut"},
		{"a print that nobody knows", "partition", text, func(o *trace.ProgramObservation) { o.Chunks[0].Effects &^= program.Prints }, "wrong effects"},

		{"all is well", "dependencies", text, func(*trace.ProgramObservation) {}, ""},
		{"accesses are not recorded", "dependencies", text, func(o *trace.ProgramObservation) { o.Accesses = nil }, ""},
		{"a read that nobody knows", "dependencies", text, func(o *trace.ProgramObservation) {
			o.Chunks[1].Reads = nil
			o.Edges[0] = trace.ChunkDependency{From: 0, To: 1, Kinds: trace.ChunkOutput | trace.ChunkControl}
			o.Edges[2] = trace.ChunkDependency{From: 1, To: 2, Kinds: trace.ChunkRAW | trace.ChunkControl, Variables: []int32{1}}
		}, "undeclared read"},
		{"a write that nobody knows", "dependencies", text, func(o *trace.ProgramObservation) {
			o.Chunks[2].Writes = nil
			o.Edges[1] = trace.ChunkDependency{From: 1, To: 2, Kinds: trace.ChunkRAW | trace.ChunkControl, Variables: []int32{1}}
			o.Edges, o.Cells = o.Edges[:2], o.Cells[:2]
		}, "undeclared write"},
		{"a read that no dependency is for", "dependencies", text, func(o *trace.ProgramObservation) { o.Chunks[0].Reads = []int32{1} }, "wrong dependency"},
		{"variables out of order", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges[2].Variables = []int32{1, 0} }, "wrong dependency"},
		{"a dependency twice", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges = append(o.Edges, o.Edges[2]) }, "wrong dependency"},
		{"a dependency is missing", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges = o.Edges[:2] }, "missing dependency"},
		{"certain of what it may not write", "dependencies", text, func(o *trace.ProgramObservation) { o.Chunks[0].Must = []int32{0, 1} }, "wrong analysis"},
		{"a loop that there is not", "dependencies", text, func(o *trace.ProgramObservation) { o.Chunks[0].Unbounded = true }, "wrong analysis"},
		{"alone for nothing", "dependencies", text, func(o *trace.ProgramObservation) { o.Chunks[0].Parallel = false }, "wrong analysis"},
		{"effects that there are not", "dependencies", text, func(o *trace.ProgramObservation) { o.Chunks[2].Effects |= program.Prints }, "wrong analysis"},
		{"a variable twice", "dependencies", text, func(o *trace.ProgramObservation) { o.Variables[1] = "a" }, "wrong analysis"},
		{"a cell is missing", "dependencies", text, func(o *trace.ProgramObservation) { o.Cells = o.Cells[:2] }, "wrong analysis"},
		{"the accesses of a chunk are missing", "dependencies", text, func(o *trace.ProgramObservation) { o.Accesses = o.Accesses[:2] }, "wrong accesses"},
		{"the accesses of a chunk twice", "dependencies", text, func(o *trace.ProgramObservation) { o.Accesses = append(o.Accesses, o.Accesses[0]) }, "wrong accesses"},
		{"a write in the run only", "dependencies", text, func(o *trace.ProgramObservation) { o.Accesses[1].Writes = []int32{0, 1} }, "undeclared write"},
		{"a write that did not happen", "dependencies", text, func(o *trace.ProgramObservation) { o.Accesses[0].Writes = nil }, "uncertain write"},
		{"a write that can't be certain", "dependencies", "LOAD_CONST 0\nJUMP_IF_FALSE end\nLOAD_CONST 1\nSTORE_NAME a\nend:\nNOP\nNOP\n", func(o *trace.ProgramObservation) {
			all := program.WritesVariable | program.Branches
			o.Chunks = []trace.Chunk{{To: 4, Writes: []int32{0}, Must: []int32{0}, Effects: all, Parallel: true, Why: "it begins"}, {From: 4, To: 6, Parallel: true, Why: "size"}}
			o.Edges, o.Accesses, o.Events, o.Variables, o.Globals, o.Cells = nil, nil, nil, []string{"a"}, 1, o.Cells[:1]
		}, "uncertain write"},
		{"no RAW", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges[0].Kinds = trace.ChunkOutput }, "wrong dependency"},
		{"no WAR", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges[2].Kinds = trace.ChunkRAW }, "wrong dependency"},
		{"no WAW", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges[1].Kinds = trace.ChunkRAW }, "wrong dependency"},
		{"another variable", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges[0].Variables = []int32{1} }, "wrong dependency"},
		{"prints in no order", "dependencies", text, func(o *trace.ProgramObservation) { o.Edges[0].Kinds = trace.ChunkRAW }, "wrong dependency"},

		{"all is well", "attempts", text, func(*trace.ProgramObservation) {}, ""},
		{"a retry", "attempts", fault + text, faulty, ""},
		{"no fault", "attempts", text, faulty, "failure without a fault"},
		{"no retries", "attempts", ".set retries -1\n" + fault + text, faulty, "too many attempts"},
		{"twice at once", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[3] = trace.ChunkEvent{Time: 4, Kind: trace.ChunkStart, Worker: 0, Chunk: 1, Attempt: 1}
		}, "malformed attempt"},
		{"two at once on one worker", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[2].Worker = 0
			o.Events = drop(o.Events, 1)
		}, "malformed attempt"},
		{"a success that nobody saw", "attempts", text, func(o *trace.ProgramObservation) { o.Events = drop(drop(o.Events, 5), 4) }, "merged without success"},
		{"a read beside the write", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[1], o.Events[2] = o.Events[2], o.Events[1]
			o.Events[1].Time, o.Events[2].Time = 2, 3
		}, "attempt before its inputs"},
		{"a read before the write", "attempts", text, func(o *trace.ProgramObservation) { o.Events = o.Events[2:] }, "attempt before its inputs"},
		{"a value that may be passed on", "attempts", text, func(o *trace.ProgramObservation) {
			o.Chunks[1].Reads, o.Chunks[2].Reads = nil, nil // chunk 2 may leave a as chunk 0 wrote it
			o.Events = append(o.Events[4:5:5], o.Events...)
		}, "attempt before its inputs"},
		{"a write after the read", "attempts", text, func(o *trace.ProgramObservation) {
			o.Chunks[1].Reads = nil // and so it writes b, which chunk 0 does not need
			o.Events[1], o.Events[2] = o.Events[2], o.Events[1]
			o.Events[1].Time, o.Events[2].Time = 2, 3
		}, ""},
		{"what was executed before it went parallel", "attempts", ".set mode auto\n" + strings.TrimPrefix(text, "\n.set mode parallel"), func(o *trace.ProgramObservation) {
			o.Events = append(o.Events[2:6:6], o.Events[7:]...)
		}, ""},
		{"a fork beside a chunk before it", "attempts", text, func(o *trace.ProgramObservation) {
			o.Chunks[1].Reads, o.Chunks[1].Parallel = nil, false
			o.Events[1], o.Events[2] = o.Events[2], o.Events[1]
			o.Events[1].Time, o.Events[2].Time = 2, 3
		}, "attempt before its inputs"},
		{"another worker ends it", "attempts", text, func(o *trace.ProgramObservation) { o.Events[1].Worker = 1 }, "malformed attempt"},
		{"time goes back", "attempts", text, func(o *trace.ProgramObservation) { o.Events[1].Time = 0 }, "malformed attempt"},
		{"a timeout in no time", "attempts", text, func(o *trace.ProgramObservation) {
			faulty(o)
			o.Events[3].Kind = trace.ChunkTimeout
		}, "failure without a fault"},
		{"a timeout in time", "attempts", ".set timeout 1ns\n" + text, func(o *trace.ProgramObservation) {
			faulty(o)
			o.Events[3].Kind = trace.ChunkTimeout
		}, ""},
		{"once more", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events = append(o.Events, trace.ChunkEvent{Time: 9, Kind: trace.ChunkStart, Attempt: 1})
		}, "attempt after the end"},
		{"another number", "attempts", text, func(o *trace.ProgramObservation) { o.Events[0].Attempt = 1 }, "malformed attempt"},
		{"never ended", "attempts", text, func(o *trace.ProgramObservation) { o.Events = drop(drop(o.Events, 8), 5) }, "malformed attempt"},
		{"merged twice", "attempts", text, func(o *trace.ProgramObservation) { o.Events = append(o.Events, o.Events[8]) }, "merged twice"},
		{"merged backwards", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[7], o.Events[8] = o.Events[8], o.Events[7]
		}, "merged out of order"},
		{"a chunk is lost", "attempts", text, func(o *trace.ProgramObservation) { o.Events = o.Events[:8] }, "lost chunk"},
		{"no chunk is merged", "attempts", text, func(o *trace.ProgramObservation) { o.Events = o.Events[:6] }, "lost chunk"},
		{"an error in another chunk", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events, o.Outcome.Err = o.Events[:8], &program.RunError{PC: 0}
		}, "lost chunk"},
		{"an error in the last that counts", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events, o.Outcome.Err = o.Events[:8], &program.RunError{PC: 5}
		}, ""},
		{"fallback in the middle of merging", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[8] = trace.ChunkEvent{Time: 9, Kind: trace.ChunkFallback, Why: trace.AttemptsUsedUp}
		}, "fallback after a merge"},
		{"fallback for nothing", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events = append(o.Events[:6], trace.ChunkEvent{Time: 7, Kind: trace.ChunkFallback})
		}, "fallback without a reason"},
		{"fallback for attempts that did not fail", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events = append(o.Events[:6], trace.ChunkEvent{Time: 7, Kind: trace.ChunkFallback, Why: trace.AttemptsUsedUp})
		}, "fallback without a reason"},
		{"fallback for attempts that are not used up", "attempts", fault + text, func(o *trace.ProgramObservation) {
			faulty(o)
			o.Events = append(o.Events[:8], trace.ChunkEvent{Time: 7, Kind: trace.ChunkFallback, Why: trace.AttemptsUsedUp})
		}, "fallback without a reason"},
		{"fallback for a time that is not short", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events = append(o.Events[:6], trace.ChunkEvent{Time: 7, Kind: trace.ChunkFallback, Why: trace.TimeShort})
		}, "fallback without a reason"},
		{"fallback for a limit that is far", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[8] = trace.ChunkEvent{Time: 9, Kind: trace.ChunkFallback, Chunk: 2, Why: trace.LimitNear}
		}, "fallback without a reason"},
		{"fallback for a limit that struck", "attempts", text, func(o *trace.ProgramObservation) {
			o.Events[8] = trace.ChunkEvent{Time: 9, Kind: trace.ChunkFallback, Chunk: 2, Why: trace.LimitNear}
			o.Outcome.Err = &program.RunError{Kind: program.StepLimit, PC: 9}
		}, ""},
		{"going on behind chunks that were not merged", "attempts", ".set steps 3\n" + text, func(o *trace.ProgramObservation) {
			o.Events = append(o.Events[:6], trace.ChunkEvent{Time: 9, Kind: trace.ChunkFallback, Chunk: 2, Why: trace.LimitNear})
			o.Outcome.Err = &program.RunError{Kind: program.StepLimit}
		}, "fallback after a merge"},
		{"a reason for no fallback", "attempts", text, func(o *trace.ProgramObservation) { o.Events[0].Why = trace.LimitNear }, "malformed attempt"},
		{"merged and given up", "attempts", text, func(o *trace.ProgramObservation) { o.End = trace.ProgramGaveUp }, "merged without success"},
		{"merged and timed out", "attempts", text, func(o *trace.ProgramObservation) { o.End = trace.ProgramTimedOut }, ""},
		{"fallback that is not allowed", "attempts", ".set no_fallback true\n.set retries -1\n" + fault + text, func(o *trace.ProgramObservation) {
			o.Events = []trace.ChunkEvent{
				{Kind: trace.ChunkStart}, {Kind: trace.ChunkSucceed}, {Kind: trace.ChunkStart, Chunk: 1}, {Kind: trace.ChunkFail, Chunk: 1}, {Kind: trace.ChunkFallback, Why: trace.AttemptsUsedUp},
			}
		}, "fallback without a reason"},

		{"all is well", "metrics", text, func(*trace.ProgramObservation) {}, ""},
		{"a retry", "metrics", fault + text, faulty, ""},
		{"a speedup out of nothing", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Speedup = 1.5 }, "unmeasured speedup"},
		{"metrics that nobody wants", "metrics", ".set no_metrics true\n" + text, func(*trace.ProgramObservation) {}, "unwanted metrics"},
		{"more time than there was", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Parallel = 8 }, "times"},
		{"a worker too many", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Workers = 3 }, "workers"},
		{"a worker from nowhere", "metrics", text, func(o *trace.ProgramObservation) { o.Events[0].Worker = 2 }, "workers"},
		{"a chunk is not counted", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Chunks = 2 }, "chunks"},
		{"a success is counted twice", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Succeeded = 4 }, "succeeded"},
		{"a failure is not counted", "metrics", fault + text, func(o *trace.ProgramObservation) { faulty(o); o.Metrics.Failed = 0 }, "failed"},
		{"a retry is not counted", "metrics", fault + text, func(o *trace.ProgramObservation) { faulty(o); o.Metrics.Retried = 0 }, "retried"},
		{"an error is not told", "metrics", fault + text, func(o *trace.ProgramObservation) { faulty(o); o.Metrics.Errors = nil }, "errors"},
		{"an abandoned attempt that was none", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Abandoned = 1 }, "abandoned"},
		{"an error of another attempt", "metrics", fault + text, func(o *trace.ProgramObservation) {
			faulty(o)
			o.Metrics.Errors = []string{"attempt 2 at chunk 1: injected"}
		}, "errors"},
		{"a fallback that was none", "metrics", text, func(o *trace.ProgramObservation) { o.Metrics.Fallbacks = 1 }, "fallbacks"},
	} {
		t.Run(c.checker+"/"+c.name, func(t *testing.T) {
			o := right()
			c.change(&o)
			v := named(t, c.checker).Check(load(t, c.text), o)
			if (v.Status == checkers.Pass) != (c.rule == "") || v.Rule != c.rule {
				t.Errorf("%v %q, want %q: %s\n%q", v.Status, v.Rule, c.rule, v.Reason, v.Evidence)
			}
		})
	}
}

func all() []checkers.OfProgram {
	return []checkers.OfProgram{chunks.Partition(), chunks.Dependencies(), chunks.Attempts(), chunks.Metrics()}
}

func named(t *testing.T, name string) checkers.OfProgram {
	t.Helper()
	for _, c := range all() {
		if c.Name() == "chunks/"+name {
			return c
		}
	}
	t.Fatalf("there is no checker %s", name)
	return nil
}

// TestMalformed: what refers to nothing is refused, and no violation.
func TestMalformed(t *testing.T) {
	for name, change := range map[string]func(*trace.ProgramObservation){
		"a chunk's variable":   func(o *trace.ProgramObservation) { o.Chunks[0].Reads = []int32{7} },
		"a dependency's chunk": func(o *trace.ProgramObservation) { o.Edges[0].To = 3 },
		"an event's chunk":     func(o *trace.ProgramObservation) { o.Events[0].Chunk = -1 },
		"an access's variable": func(o *trace.ProgramObservation) { o.Accesses[0].Writes = []int32{-1} },
		"the globals":          func(o *trace.ProgramObservation) { o.Globals = 3 },
	} {
		for _, c := range all() {
			o := right()
			change(&o)
			if v := c.Check(load(t, text), o); v.Status != checkers.Unknown {
				t.Errorf("%s, %s: %v, want unknown", name, c.Name(), v.Status)
			}
		}
	}
}

// TestEarlyAttempt: the verdict on a chunk that did not wait says what it reads, who writes that and where, and what should have been.
func TestEarlyAttempt(t *testing.T) {
	o := right()
	o.Events[1], o.Events[2] = o.Events[2], o.Events[1]
	o.Events[1].Time, o.Events[2].Time = 2, 3
	v := chunks.Attempts().Check(load(t, text), o)
	got := strings.Join(append([]string{v.Reason}, v.Evidence...), "\n")
	const want = `chunk 1 (instructions 4 to 7) reads a, which chunk 0 (instructions 0 to 3) writes, and began before chunk 0 had succeeded
chunk 0 writes a at instruction 1: STORE_NAME a
chunk 1 reads a at instruction 4: LOAD_NAME a
right: chunk 0 succeeds, and then chunk 1 begins
seen: chunk 1 begins, on worker 1, while worker 0 is executing chunk 0
event 1: 2ns worker 1: start (chunk 1, attempt 0)`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestWrongEdge: the verdict on a dependency says what the two chunks do, whatever kind is missing.
func TestWrongEdge(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(o *trace.ProgramObservation)
		reason string
	}{
		{"RAW", func(o *trace.ProgramObservation) { o.Edges[0].Kinds &^= trace.ChunkRAW }, "the analysis does not know that chunk 1 depends on chunk 0 by RAW: chunk 1 reads a, which chunk 0 writes"},
		{"RAW of what is passed on", func(o *trace.ProgramObservation) { o.Edges[1].Kinds &^= trace.ChunkRAW }, "the analysis does not know that chunk 2 depends on chunk 0 by RAW: chunk 2 may leave a as chunk 0 writes it"},
		{"WAR", func(o *trace.ProgramObservation) { o.Edges[2].Kinds &^= trace.ChunkWAR }, "the analysis does not know that chunk 2 depends on chunk 1 by WAR: chunk 2 writes a, which chunk 1 reads"},
		{"WAW", func(o *trace.ProgramObservation) { o.Edges[1].Kinds &^= trace.ChunkWAW }, "the analysis does not know that chunk 2 depends on chunk 0 by WAW: chunk 2 writes a, which chunk 0 writes before it"},
		{"control", func(o *trace.ProgramObservation) { o.Edges[2].Kinds &^= trace.ChunkControl }, "the analysis does not know that chunk 2 depends on chunk 1 by control: chunk 1 may fail or return, and then chunk 2 is not reached"},
		{"output", func(o *trace.ProgramObservation) { o.Edges[0].Kinds &^= trace.ChunkOutput }, "the analysis does not know that chunk 1 depends on chunk 0 by output: both print, chunk 0 before chunk 1"},
		{"all", func(o *trace.ProgramObservation) { o.Edges = o.Edges[1:] }, "the analysis does not know that chunk 1 depends on chunk 0 by RAW, control, output: chunk 1 reads a, which chunk 0 writes; chunk 0 may fail or return, and then chunk 1 is not reached; both print, chunk 0 before chunk 1"},
		{"one too many", func(o *trace.ProgramObservation) { o.Edges[2].Kinds |= trace.ChunkOutput }, "the analysis says that chunk 2 depends on chunk 1 by RAW, WAR, control, output, for a and b, which does not follow from the chunks"},
	} {
		o := right()
		c.change(&o)
		if v := chunks.Dependencies().Check(load(t, text), o); v.Reason != c.reason || v.Rule != "wrong dependency" {
			t.Errorf("%s: %s: %s\nwant %s", c.name, v.Rule, v.Reason, c.reason)
		}
	}
}
