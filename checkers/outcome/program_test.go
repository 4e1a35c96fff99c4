package outcome_test

import (
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/outcome"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// load is a workload from its text.
func load(t *testing.T, text string) program.Workload {
	t.Helper()
	w, err := program.ParseWorkload("case", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return *w
}

const counting = `
.set mode parallel
LOAD_CONST 1
STORE_NAME a
LOAD_CONST "hello"
PRINT
LOAD_CONST 2
SHARED_WRITE s
LOAD_CONST 3
RETURN
`

// racing has two outcomes: the last writer's value is left.
const racing = `
FORK_EXECUTION 2
LOAD_NAME worker_id
SHARED_WRITE s
JOIN_WORKERS 0
`

const dividing = `
LOAD_CONST 1
STORE_NAME a
LOAD_CONST 1
LOAD_CONST 0
DIV
STORE_NAME b
`

func TestPrograms(t *testing.T) {
	binding := func(name string, n int64) []program.Binding {
		return []program.Binding{{Name: name, Value: program.Int(n)}}
	}
	right := program.Outcome{
		Result: program.Int(3), Variables: binding("a", 1), Shared: binding("s", 2), Output: []string{"hello"},
		Steps: 8, Memory: 21,
	}
	with := func(change func(*program.Outcome)) trace.ProgramObservation {
		o := right
		change(&o)
		return trace.ProgramObservation{End: trace.ProgramRan, Outcome: o}
	}
	racedTo := func(n int64) trace.ProgramObservation {
		return trace.ProgramObservation{End: trace.ProgramRan, Outcome: program.Outcome{Shared: binding("s", n)}}
	}
	failed := func(kind program.ErrorKind, pc int) trace.ProgramObservation {
		return trace.ProgramObservation{End: trace.ProgramRan, Outcome: program.Outcome{
			Variables: binding("a", 1), Err: &program.RunError{Kind: kind, PC: pc, Name: program.MainName, Detail: "1 DIV 0"}, Steps: 5,
		}}
	}
	after := func(d time.Duration) trace.ProgramObservation {
		return trace.ProgramObservation{End: trace.ProgramTimedOut, Metrics: trace.ProgramMetrics{Total: d}}
	}
	for _, c := range []struct {
		name, text string
		o          trace.ProgramObservation
		rule       string // empty for a pass
	}{
		{"as specified", counting, with(func(*program.Outcome) {}), ""},
		{"another result", counting, with(func(o *program.Outcome) { o.Result = program.Nil }), "wrong result"},
		{"a variable too few", counting, with(func(o *program.Outcome) { o.Variables = nil }), "wrong variables"},
		{"a lost shared write", counting, with(func(o *program.Outcome) { o.Shared = binding("s", 1) }), "wrong shared variables"},
		{"printed twice", counting, with(func(o *program.Outcome) { o.Output = []string{"hello", "hello"} }), "wrong output"},
		{"a step too many", counting, with(func(o *program.Outcome) { o.Steps++ }), "wrong usage"},
		{"free memory", counting, with(func(o *program.Outcome) { o.Memory = 0 }), "wrong usage"},
		{"time out of nothing", counting, with(func(o *program.Outcome) { o.Time = 1 }), "wrong usage"},
		{"an error out of nothing", counting, failed(program.TypeError, 0), "wrong error"},
		{"the first worker wins", racing, racedTo(0), ""},
		{"the second worker wins", racing, racedTo(1), ""},
		{"nobody wins", racing, racedTo(7), "wrong shared variables"},
		{"the right error", dividing, failed(program.DivisionByZero, 4), ""},
		{"another kind", dividing, failed(program.Overflow, 4), "wrong error"},
		{"another detail", dividing, with(func(o *program.Outcome) {
			*o = failed(program.DivisionByZero, 4).Outcome
			o.Err.Detail = "2 DIV 0"
		}), "wrong error"},
		{"another place", dividing, failed(program.DivisionByZero, 3), "wrong error"},
		{"no error", dividing, with(func(*program.Outcome) {}), "wrong error"},
		{"timed out", ".set timeout 5ms\n" + counting, after(5 * time.Millisecond), ""},
		{"timed out early", ".set timeout 5ms\n" + counting, after(4 * time.Millisecond), "wrong end"},
		{"timed out by default", counting, after(time.Second), "wrong end"},
		{"refused", counting, trace.ProgramObservation{End: trace.ProgramRefused}, "wrong end"},
		{"invalid, refused", "POP\n", trace.ProgramObservation{End: trace.ProgramRefused}, ""},
		{"invalid, executed", "POP\n", with(func(*program.Outcome) {}), "wrong end"},
		{"cancelled", counting, trace.ProgramObservation{End: trace.ProgramCancelled}, "wrong end"},
		{"no end", counting, trace.ProgramObservation{}, "wrong end"},
		{"gave up for no reason", ".set no_fallback true\n" + counting, trace.ProgramObservation{End: trace.ProgramGaveUp}, "wrong end"},
		{"gave up and may not", ".fault fail chunk 0 attempt 0 after 0\n" + counting, trace.ProgramObservation{End: trace.ProgramGaveUp}, "wrong end"},
		{"gave up", ".set no_fallback true\n.fault fail chunk 0 attempt 0 after 0\n" + counting, trace.ProgramObservation{End: trace.ProgramGaveUp}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.o.End != trace.ProgramRan {
				c.o.Error = "it ended"
			}
			v := outcome.Programs().Check(load(t, c.text), c.o)
			if (v.Status == checkers.Pass) != (c.rule == "") || v.Rule != c.rule {
				t.Errorf("%v %q, want %q: %s\n%q", v.Status, v.Rule, c.rule, v.Reason, v.Evidence)
			}
		})
	}
}

// TestEnds holds the rules that do not need the specification.
func TestEnds(t *testing.T) {
	failed := program.Outcome{Err: &program.RunError{Kind: program.TypeError, Name: program.MainName}}
	for _, c := range []struct {
		name string
		o    trace.ProgramObservation
		good bool
	}{
		{"a result", trace.ProgramObservation{End: trace.ProgramRan}, true},
		{"an error of its own", trace.ProgramObservation{End: trace.ProgramRan, Outcome: failed, Error: "main+0: type error"}, true},
		{"an error that does not say where", trace.ProgramObservation{End: trace.ProgramRan, Outcome: failed, Error: "type error"}, false},
		{"an error beside a result", trace.ProgramObservation{End: trace.ProgramRan, Error: "main+0: type error"}, false},
		{"an error of another function", trace.ProgramObservation{End: trace.ProgramRan, Error: "f+0: type error", Outcome: program.Outcome{
			Err: &program.RunError{Kind: program.TypeError, Name: "f"},
		}}, false},
		{"an error and a result", trace.ProgramObservation{End: trace.ProgramRan, Error: "main+0: type error", Outcome: program.Outcome{
			Err: failed.Err, Result: program.Int(1),
		}}, false},
		{"an error that is not said", trace.ProgramObservation{End: trace.ProgramRan, Outcome: failed}, false},
		{"too many steps", trace.ProgramObservation{End: trace.ProgramRan, Outcome: program.Outcome{Steps: 21}}, false},
		{"a timeout", trace.ProgramObservation{End: trace.ProgramTimedOut, Error: "late", Metrics: trace.ProgramMetrics{Total: time.Second}}, true},
		{"a timeout without a word", trace.ProgramObservation{End: trace.ProgramTimedOut, Metrics: trace.ProgramMetrics{Total: time.Second}}, false},
		{"a timeout with effects", trace.ProgramObservation{
			End: trace.ProgramTimedOut, Error: "late", Metrics: trace.ProgramMetrics{Total: time.Second},
			Outcome: program.Outcome{Output: []string{"hello"}},
		}, false},
		{"refused", trace.ProgramObservation{End: trace.ProgramRefused, Error: "no"}, false},
	} {
		c.o.Mode, c.o.Chunks = program.Parallel, make([]trace.Chunk, 1)
		v := outcome.Ends().Check(load(t, ".set timeout 1s\n.set steps 20\n"+counting), c.o)
		if (v.Status == checkers.Pass) != c.good {
			t.Errorf("%s: %v: %s", c.name, v.Status, v.Reason)
		}
	}
}

// TestModes: a run was executed as it was asked for, or fell back.
func TestModes(t *testing.T) {
	again := []trace.ChunkEvent{{Kind: trace.ChunkFallback, Why: trace.AttemptsUsedUp}}
	chunks := make([]trace.Chunk, 1)
	for _, c := range []struct {
		name, mode string
		o          trace.ProgramObservation
		good       bool
	}{
		{"in chunks", "parallel", trace.ProgramObservation{Mode: program.Parallel, Chunks: chunks}, true},
		{"in chunks, and said to be alone", "parallel", trace.ProgramObservation{Mode: program.Sequential, Chunks: chunks}, false},
		{"in no mode", "parallel", trace.ProgramObservation{Mode: program.Auto, Chunks: chunks}, false},
		{"again after a fallback", "parallel", trace.ProgramObservation{Mode: program.Sequential, Chunks: chunks, Events: again}, true},
		{"a fallback that is not said", "parallel", trace.ProgramObservation{Mode: program.Parallel, Chunks: chunks, Events: again}, false},
		{"no chunks though parallel", "parallel", trace.ProgramObservation{Mode: program.Sequential}, false},
		{"alone", "sequential", trace.ProgramObservation{Mode: program.Sequential}, true},
		{"chunks though sequential", "sequential", trace.ProgramObservation{Mode: program.Sequential, Chunks: chunks}, false},
		{"auto alone", "auto", trace.ProgramObservation{Mode: program.Sequential}, true},
		{"auto in chunks", "auto", trace.ProgramObservation{Mode: program.Parallel, Chunks: chunks}, true},
	} {
		c.o.End = trace.ProgramRan
		v := outcome.Ends().Check(load(t, ".set mode "+c.mode+"\nNOP\n"), c.o)
		if (v.Status == checkers.Pass) != c.good || !c.good && v.Rule != "wrong mode" {
			t.Errorf("%s: %v %s: %s", c.name, v.Status, v.Rule, v.Reason)
		}
	}
}
