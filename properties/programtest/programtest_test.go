package programtest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/models/program"
	"synchrony/properties"
	"synchrony/properties/programtest"
)

// run tests an interpreter on so many programs.
func run(t *testing.T, i programtest.Interpreter, count int, options ...programtest.Option) properties.Result {
	t.Helper()
	budget := properties.Budget{Single: 20, Random: 10, Shrink: 4000}
	r, err := programtest.Property(i, options...).Run(t.Context(), properties.Spec{Seed: 1, Count: count, Budget: budget}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// builtin is the parallel VM, which knows the whole language.
func builtin(ctx context.Context, rt *sched.Runtime, p *program.Program) (program.Outcome, error) {
	v, err := vm.New(rt, vm.ParallelConfig{Setup: program.Setup{Mode: program.Parallel, Workers: 2, ChunkSize: 5}})
	if err != nil {
		return program.Outcome{}, err
	}
	r, err := v.Run(ctx, p)
	return r.Outcome, err
}

// TestRight: an interpreter that is right passes, whatever is asked of it, and the programs meet all conditions.
func TestRight(t *testing.T) {
	for name, c := range map[string]struct {
		interpreter programtest.Interpreter
		options     []programtest.Option
	}{
		"plain":     {programtest.Interpreter{Run: machine{}.Run}, nil},
		"failures":  {programtest.Interpreter{Run: machine{}.Run}, []programtest.Option{programtest.Failures(), programtest.MaxStatements(30)}},
		"all":       {programtest.Interpreter{On: builtin}, []programtest.Option{programtest.Values(), programtest.Maps(), programtest.Barriers(), programtest.Failures(), programtest.Races()}},
		"of others": {programtest.Interpreter{On: builtin}, []programtest.Option{programtest.Barriers(), programtest.MaxWorkers(8)}},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, c.interpreter, 96, c.options...)
			for _, f := range r.Failures {
				t.Errorf("%s", f.Text)
			}
			if r.Status() != checkers.Pass || r.Uncontrolled > 0 || r.Idle == r.Cases {
				t.Errorf("%v: %s; %d cases uncontrolled, %d idle: %s", r.Status(), r.Why(), r.Uncontrolled, r.Idle, r.Lost())
			}
		})
	}
}

// TestFaults: each fault is found, told and shrunk, and replays.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		machine machine
		options []programtest.Option
		rules   []string
		size    int // instructions
	}{
		"lost update":          {machine{torn: true}, nil, []string{"wrong shared variables"}, 5},
		"merged as they ended": {machine{unordered: true}, nil, []string{"wrong variables", "wrong output"}, 4},
		"the first error":      {machine{first: true}, []programtest.Option{programtest.Failures()}, []string{"wrong error"}, 12},
		"kept":                 {machine{kept: true}, []programtest.Option{programtest.Failures()}, []string{"wrong variables", "wrong output"}, 8},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, programtest.Interpreter{Run: c.machine.Run}, 200, c.options...)
			if len(r.Failures) == 0 {
				t.Fatalf("%v: %s", r.Status(), r.Why())
			}
			f := r.Failures[0]
			if !slices.Contains(c.rules, f.Rule) || f.Size > c.size || f.Deviations > 1 || !f.Replayed || f.Runs > 0 {
				t.Errorf("%s of size %d, %d deviations, replayed %v:\n%s", f.Rule, f.Size, f.Deviations, f.Replayed, f.Text)
			}
		})
	}
}

// TestTraced: on real goroutines, an interpreter with a hook is disturbed there, and what is found is told with how often it comes.
func TestTraced(t *testing.T) {
	traced := func(torn bool) programtest.Interpreter {
		return programtest.Interpreter{Traced: machine{torn: torn, real: true}.Traced}
	}
	if r := run(t, traced(false), 48); r.Status() != checkers.Pass || r.Stress == 0 || r.Uncontrolled == 0 {
		t.Errorf("%v: %s; %d runs as they come, %d cases not controlled: %+v", r.Status(), r.Why(), r.Stress, r.Uncontrolled, r.Failures)
	}
	r := run(t, traced(true), 200)
	if len(r.Failures) == 0 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	if f := r.Failures[0]; f.Rule != "wrong shared variables" || f.Hits == 0 || !f.Replayed {
		t.Errorf("%s of size %d, %d of %d, replayed %v:\n%s", f.Rule, f.Size, f.Hits, f.Runs, f.Replayed, f.Text)
	}
}

// TestGivenUp: an interpreter that panics, ends its goroutine, or returns an error, is told so, and not taken for one that starts goroutines.
func TestGivenUp(t *testing.T) {
	for want, f := range map[string]func(context.Context, *program.Program) (program.Outcome, error){
		"panic: the interpreter panicked: out of range": func(context.Context, *program.Program) (program.Outcome, error) { panic("out of range") },
		"goexit: the interpreter ended its goroutine (by runtime.Goexit, as t.Fatal does) and returned nothing: have it return an error instead": func(context.Context, *program.Program) (program.Outcome, error) {
			runtime.Goexit()
			return program.Outcome{}, nil
		},
		"given up: the interpreter gave the program up: no such code": func(context.Context, *program.Program) (program.Outcome, error) {
			return program.Outcome{}, errors.New("no such code")
		},
	} {
		r := run(t, programtest.Interpreter{Run: f}, 10)
		if len(r.Failures) != 1 {
			t.Fatalf("%v: %s", r.Status(), r.Why())
		}
		if f := r.Failures[0]; f.Rule+": "+f.Reason != want || f.Size != 0 || !f.Replayed || strings.Contains(r.Lost(), "goroutines of its own") {
			t.Errorf("lost %q, size %d, replayed %v, want %q:\n%s", r.Lost(), f.Size, f.Replayed, want, f.Text)
		}
	}
}

// TestHang: an interpreter that waits for ever is told with the places where it waits, and the test goes on.
func TestHang(t *testing.T) {
	r := run(t, programtest.Interpreter{Run: func(context.Context, *program.Program) (program.Outcome, error) {
		<-make(chan struct{})
		return program.Outcome{}, nil
	}}, 50, programtest.Patience(100*time.Millisecond))
	if len(r.Failures) != 1 {
		t.Fatalf("%v: %s", r.Status(), r.Why())
	}
	if f := r.Failures[0]; f.Checker != "watchdog" || f.Rule != "hang" || !strings.Contains(f.Reason, "chan receive (nil chan) at") && !strings.Contains(f.Reason, "chan receive at programtest_test.go:") {
		t.Errorf("%s", f.Text)
	}
}

// TestReplay: a counterexample is replayed as it was found, also after it has been edited by hand, and one that is no program is refused.
func TestReplay(t *testing.T) {
	p := programtest.Property(programtest.Interpreter{Run: machine{torn: true}.Run})
	f := run(t, programtest.Interpreter{Run: machine{torn: true}.Run}, 200).Failures[0]
	c, err := properties.ParseCounterexample("found", []byte(f.Text))
	if err != nil {
		t.Fatal(err)
	}
	if rep, err := p.Replay(t.Context(), c); err != nil || !rep.Reproduced || rep.Stale != "" {
		t.Errorf("%v: %+v", err, rep)
	}
	mended := programtest.Property(programtest.Interpreter{Run: machine{}.Run})
	if rep, err := mended.Replay(t.Context(), c); err != nil || rep.Reproduced {
		t.Errorf("%v: %+v", err, rep)
	}
	for text, want := range map[string]string{"ADD\n": "stack", "HALT\n": "no instruction HALT", ".set workers 2\nNOP\n": ".set"} {
		c.Workload[0].Data = []byte(text)
		if _, err := p.Replay(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
