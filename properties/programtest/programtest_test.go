package programtest_test

import (
	"context"
	"slices"
	"testing"

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
			r := run(t, c.interpreter, 200, c.options...)
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
