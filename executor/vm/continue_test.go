package vm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// stalled is a loop that is polled about 100 times, beside others that are short.
func stalled() string {
	return `
	LOAD_CONST 0
	STORE_NAME i
slow:
	LOAD_NAME i
	LOAD_CONST 1
	ADD
	DUP
	STORE_NAME i
	LOAD_CONST 100000
	LT
	JUMP_IF_TRUE slow
` + independentLoops(3)
}

// TestContinuedChunkIsAttemptedOnce: the chunk that mode auto has begun alone can't be repeated. When
// it takes too long, its one attempt ends as what it was.
func TestContinuedChunkIsAttemptedOnce(t *testing.T) {
	// So that time passes: twice as long as an attempt may take.
	hang := []program.Fault{fault(program.HangAttempt, 3, 0, 1), fault(program.HangAttempt, 3, 1, 1)}
	w := program.Workload{Program: build(t, stalled()), Setup: program.Setup{
		Mode: program.Auto, Workers: 2, Timeout: time.Hour, Faults: hang,
	}}
	want, err := program.Run(w.Program, program.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	late := 0
	for seed := range uint64(40) {
		o, rec, err := impatient(w, sched.POS(seed))
		if err != nil || rec.Stuck != nil {
			t.Fatal(err, rec.Stuck)
		}
		if diff := want.Diff(o.Outcome); o.End == trace.ProgramRan && diff != "" {
			t.Errorf("seed %d: specification (-) and run (+):\n%s", seed, diff)
		}
		wellFormed(t, o.Events)
		if slices.ContainsFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Chunk == 1 && e.Kind == trace.ChunkTimeout }) {
			late++
			if n := o.Metrics.Retried; n > len(hang) {
				t.Errorf("seed %d: %d retries, and the chunk under way can have none", seed, n)
			}
		}
	}
	if late == 0 {
		t.Error("the continued chunk never took too long: the test shows nothing")
	}
	t.Logf("%d of 40 schedules let the continued chunk time out", late)
}

// wellFormed demands that every attempt ends by the number by which it began.
func wellFormed(t *testing.T, events []trace.ChunkEvent) {
	t.Helper()
	begun := make(map[int32]int32)
	for _, e := range events {
		switch e.Kind {
		case trace.ChunkMerge, trace.ChunkFallback:
		case trace.ChunkStart:
			begun[e.Chunk] = e.Attempt
		default:
			if a, ok := begun[e.Chunk]; !ok || a != e.Attempt {
				t.Errorf("attempt %d at chunk %d ends, and attempt %d was under way", e.Attempt, e.Chunk, a)
			}
		}
	}
}

// TestFailuresAreToldOnce: each failed attempt is named once, whatever went wrong.
func TestFailuresAreToldOnce(t *testing.T) {
	for kind, reason := range map[program.FaultKind]string{
		program.FailAttempt: "injected", program.PanicAttempt: "the virtual machine panicked: injected",
		program.HangAttempt: "it did not end within 1s",
	} {
		setup := program.Setup{
			Mode: program.Parallel, Workers: 2, ChunkSize: 4, MinChunkSize: 1, Retries: 1, NoFallback: true, Timeout: 6 * time.Second,
			Faults: []program.Fault{fault(kind, 1, 0, 1), fault(kind, 1, 1, 1)},
		}
		o, rec, err := underControl(program.Workload{Program: build(t, effects), Setup: setup}, sched.Default(), false)
		if err != nil || rec.Stuck != nil {
			t.Fatal(err, rec.Stuck)
		}
		var want []string
		for attempt := range 2 {
			want = append(want, fmt.Sprintf("attempt %d at chunk 1: %s", attempt, reason))
		}
		if !slices.Equal(o.Metrics.Errors, want) {
			t.Errorf("errors %q, want %q", o.Metrics.Errors, want)
		}
		if o.End != trace.ProgramGaveUp || strings.Count(o.Error, want[1]) != 1 {
			t.Errorf("end %d with %q, want that it gave up because of %q", o.End, o.Error, want[1])
		}
	}
}

// TestFailuresSayWhy: what went wrong can be told from the error's type.
func TestFailuresSayWhy(t *testing.T) {
	err := error(&GaveUpError{attemptError(3, 1, &PanicError{Value: "x"})})
	var panicked *PanicError
	var attempt *AttemptError
	if !errors.As(err, &panicked) || !errors.As(err, &attempt) || attempt.Chunk != 3 || attempt.Attempt != 1 {
		t.Errorf("%v: neither the attempt nor the panic is found", err)
	}
	if attemptError(3, 1, nil) != nil || attemptError(3, 1, errAbandoned) != errAbandoned {
		t.Error("a success or an abandoned attempt counts as a failure")
	}
}
