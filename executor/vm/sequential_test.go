package vm

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// runSequentially is the outcome of this package's interpreter.
func runSequentially(t testing.TB, p *program.Program, limits program.Limits, exact bool) program.Outcome {
	t.Helper()
	u, err := load(p)
	if err != nil {
		t.Fatalf("%v\n%s", err, program.Disassemble(p))
	}
	r := &run{unit: u, limits: limits.WithDefaults(), mode: program.Sequential, workers: 1, timeout: time.Hour}
	m := r.sequential()
	if exact {
		m.log = newAccessLog(nil)
	}
	return m.outcome(m.resume())
}

func TestSequentialAgreesWithTheSpecification(t *testing.T) {
	kinds := make(map[program.ErrorKind]int)
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		limits := program.Limits{}
		switch rapid.IntRange(0, 5).Draw(t, "limits") {
		case 0:
			limits.Steps = int64(rapid.IntRange(1, 300).Draw(t, "steps"))
		case 1:
			limits.Memory = int64(rapid.IntRange(1, 2000).Draw(t, "memory"))
		case 2:
			limits.CallDepth = 1
		}
		want, err := program.Run(p, limits)
		if err != nil {
			t.Fatalf("the generator drew an invalid program: %v\n%s", err, program.Disassemble(p))
		}
		if want.Err != nil {
			kinds[want.Err.Kind]++
		} else {
			kinds[0]++
		}
		for _, exact := range []bool{false, true} {
			got := runProgram(t, p, limits, exact)
			if diff := want.Diff(got); diff != "" {
				t.Fatalf("exact %v: specification (-) and interpreter (+) differ:\n%s%s", exact, diff, program.Disassemble(p))
			}
			if want.Err == nil && (got.Steps != want.Steps || got.Memory != want.Memory || got.Time != want.Time) {
				t.Fatalf("exact %v: used %d steps, %d bytes, %d ms; want %d, %d, %d\n%s", exact,
					got.Steps, got.Memory, got.Time, want.Steps, want.Memory, want.Time, program.Disassemble(p))
			}
			if want.Err != nil && want.Err.Kind == program.StepLimit && (want.Err.PC != got.Err.PC || want.Err.Function != got.Err.Function) {
				t.Fatalf("exact %v: step limit at %v, want %v", exact, got.Err, want.Err)
			}
		}
	})
	t.Logf("outcomes: %v", kinds)
}

func runProgram(t *rapid.T, p *program.Program, limits program.Limits, exact bool) program.Outcome {
	u, err := load(p)
	if err != nil {
		t.Fatalf("%v\n%s", err, program.Disassemble(p))
	}
	r := &run{unit: u, limits: limits.WithDefaults(), mode: program.Sequential, workers: 1, timeout: time.Hour}
	m := r.sequential()
	if exact {
		m.log = newAccessLog(nil)
	}
	return m.outcome(m.resume())
}

func TestInvalidProgramsAreRefused(t *testing.T) {
	_, err := load(&program.Program{})
	var invalid *program.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("load of an empty program: %v, want an InvalidError", err)
	}
}
