package vm

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
	"synchrony/models/program"
)

func TestSharedStateBatchesAreAtomic(t *testing.T) {
	torn := func(s sched.Strategy) (bad string, rec sched.Record) {
		rec = sched.Run(s, sched.Options{}, func(rt *sched.Runtime) {
			state := NewSharedState(rt)
			var all sched.WaitGroup
			all.Add(rt, 2)
			for i := range 2 {
				rt.Go("writer", i, func() {
					defer all.Done(rt)
					v := program.Int(int64(i))
					state.WriteBatch(program.Binding{Name: "x", Value: v}, program.Binding{Name: "y", Value: v})
				})
			}
			values := state.ReadBatch("x", "y")
			if !program.Equal(values[0], values[1]) {
				bad = "batch"
			}
			if all := state.Snapshot(); len(all) == 1 || len(all) == 2 && !program.Equal(all[0].Value, all[1].Value) {
				bad = "snapshot"
			}
			all.Wait(rt)
		})
		return bad, rec
	}
	bad, rec := torn(sched.Default())
	for d := range sched.SingleDeviations(rec.Clone()) {
		if bad == "" {
			bad, _ = torn(sched.Deviate(deviations(d)))
		}
	}
	for seed := range 200 {
		if bad == "" {
			bad, _ = torn(sched.POS(uint64(seed)))
		}
	}
	if bad != "" {
		t.Errorf("a %s saw half of a batch", bad)
	}
}

func TestSharedState(t *testing.T) {
	s := NewSharedState(nil)
	if _, ok := s.Read("x"); ok || s.Has("x") {
		t.Error("a new state has x")
	}
	s.Write("x", program.Nil)
	s.Write("a", program.Int(1))
	if v, ok := s.Read("x"); !ok || v.Kind() != program.NilKind || !s.Has("x") {
		t.Error("x was set to nil, and is not")
	}
	if all := s.Snapshot(); len(all) != 2 || all[0].Name != "a" || all[1].Name != "x" {
		t.Errorf("snapshot %v, want a and x", all)
	}
	s.Clear()
	if s.Has("x") || len(s.Snapshot()) != 0 {
		t.Error("something is left after Clear")
	}
}

// TestMutatedPrograms changes instructions at random: whatever the validator lets through runs as specified.
func TestMutatedPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawMutated(t)
		c := drawConfig(t)
		c.Limits.Steps = 20_000
		c.Limits.Memory = 1 << 16
		want, err := program.Run(p, c.Limits)
		v, newErr := New(nil, c)
		if newErr != nil {
			t.Fatal(newErr)
		}
		got, gotErr := v.Run(context.Background(), p)
		if (err == nil) != (gotErr == nil) {
			t.Fatalf("specification: %v; virtual machine: %v", err, gotErr)
		}
		if err != nil {
			return
		}
		if sharesOrTimes(p) {
			return // other outcomes are allowed
		}
		if diff := want.Diff(got.Outcome); diff != "" {
			t.Fatalf("specification (-) and %+v (+) differ:\n%s%s", c.Setup, diff, program.Disassemble(p))
		}
	})
}

// TestManyMutatedProgramsAreValid: what the test above runs is not nothing.
func TestManyMutatedProgramsAreValid(t *testing.T) {
	valid := 0
	programs := rapid.Custom(drawMutated)
	for seed := range 200 {
		if program.Validate(programs.Example(seed)) == nil {
			valid++
		}
	}
	if valid < 20 {
		t.Errorf("%d of 200 mutated programs are valid", valid)
	}
}

// drawMutated draws a program of which some instructions are changed.
func drawMutated(t *rapid.T) *program.Program {
	p := drawProgram(t)
	for range rapid.IntRange(1, 3).Draw(t, "mutations") {
		f := rapid.SampledFrom(p.Functions).Draw(t, "function")
		if len(f.Code) == 0 {
			continue
		}
		in := &f.Code[rapid.IntRange(0, len(f.Code)-1).Draw(t, "pc")]
		switch rapid.IntRange(0, 2).Draw(t, "mutation") {
		case 0:
			in.Op = rapid.SampledFrom(program.Opcodes()).Draw(t, "op")
		case 1:
			in.A = rapid.Int32Range(-1, 30).Draw(t, "a")
		default:
			*in = f.Code[rapid.IntRange(0, len(f.Code)-1).Draw(t, "from")]
		}
	}
	return p
}

// sharesOrTimes reports whether a program's outcome may depend on the schedule.
func sharesOrTimes(p *program.Program) bool {
	text := program.Disassemble(p)
	if !strings.Contains(text, "FORK_EXECUTION") {
		return false
	}
	return strings.Contains(text, "SHARED_") || strings.Contains(text, "ATOMIC_") || strings.Contains(text, "JOIN_WORKERS")
}
