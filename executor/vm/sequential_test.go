package vm

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// fataler is a test, or a run of a property.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// runSequentially is the outcome of this package's interpreter.
func runSequentially(t fataler, p *program.Program, limits program.Limits, exact bool) program.Outcome {
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
			got := runSequentially(t, p, limits, exact)
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

func TestInvalidProgramsAreRefused(t *testing.T) {
	_, err := load(&program.Program{})
	var invalid *program.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("load of an empty program: %v, want an InvalidError", err)
	}
}

// TestHazards has code that a translator to registers may get wrong.
func TestHazards(t *testing.T) {
	for name, text := range map[string]string{
		"stored and still on the stack":   "LOAD_CONST 5\nLOAD_CONST 1\nSUB\nDUP\nSTORE_NAME x\nRETURN\n",
		"compared and still on the stack": "LOAD_CONST 5\nLOAD_CONST 1\nLT\nDUP\nJUMP_IF_FALSE out\nNOP\nout:\nRETURN\n",
		"overwritten after its load":      "LOAD_CONST 1\nSTORE_NAME x\nLOAD_NAME x\nLOAD_CONST 2\nSTORE_NAME x\nLOAD_NAME x\nSUB\nRETURN\n",
		"loaded twice, one undefined":     "LOAD_CONST 1\nSTORE_NAME x\nLOAD_NAME x\nLOAD_NAME y\nADD\nSTORE_NAME x\n",
		"popped, though undefined":        "LOAD_NAME y\nPOP\nLOAD_CONST 1\nPRINT\n",
		"left behind, though undefined":   "LOAD_CONST 3\nLOAD_NAME y\nLOAD_CONST 1\nRETURN\n",
		"left at the end, undefined":      "LOAD_NAME y\nLOAD_CONST 1\n",
		"popped below a restart point": `
	LOAD_CONST 1
	LOAD_CONST true
	JUMP_IF_TRUE on
	NOP
on:
	POP
	LOAD_CONST 7
	LOAD_CONST "s"
	LOAD_CONST 1
	ADD
	RETURN
`,
		"computed below a restart point": `
	LOAD_CONST 1
	LOAD_CONST true
	JUMP_IF_TRUE on
	NOP
on:
	LOAD_CONST 2
	ADD
	LOAD_CONST "s"
	LOAD_CONST "t"
	ADD
	POP
	RETURN
`,
		"assigned by a callee while loaded": `
	LOAD_CONST 1
	STORE_NAME x
	LOAD_NAME x
	CALL_FUNC_CONST @f 0
	SUB
	RETURN
.func f()
	LOAD_CONST 9
	STORE_NAME x
	LOAD_CONST 5
	RETURN
.end
`,
		"values under a fork": `
	LOAD_CONST 4
	FORK_EXECUTION 2
	LOAD_NAME worker_id
	STORE_NAME w
	JOIN_WORKERS 0
`,
		"maps": `
	LOAD_CONST "a"
	LOAD_CONST 1
	LOAD_CONST 2
	LOAD_CONST [3]
	BUILD_MAP 2
	STORE_NAME m
	LOAD_NAME m
	LOAD_CONST 2
	INDEX
	LOAD_NAME m
	CALL_BUILTIN keys 1
	ADD
	PRINT
`,
		"garbage": `
	LOAD_CONST 6000
	STORE_NAME i
	LOAD_CONST "kept"
	LOAD_CONST "!"
	ADD
	STORE_NAME k
top:
	LOAD_NAME i
	CALL_BUILTIN str 1
	STORE_NAME s
	LOAD_NAME i
	LOAD_CONST 1
	SUB
	STORE_NAME i
	LOAD_NAME i
	JUMP_IF_TRUE top
	LOAD_NAME k
	LOAD_NAME s
	ADD
	RETURN
`,
	} {
		p := build(t, text)
		want, err := program.Run(p, program.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, exact := range []bool{false, true} {
			if diff := want.Diff(runSequentially(t, p, program.Limits{}, exact)); diff != "" {
				t.Errorf("%s, exact %v: specification (-) and interpreter (+) differ:\n%s", name, exact, diff)
			}
		}
	}
}

// TestVariablesAreUndefinedAgain: a variable that a run has set is undefined when the next begins.
func TestVariablesAreUndefinedAgain(t *testing.T) {
	p := build(t, "LOAD_NAME x\nLOAD_CONST 1\nSTORE_NAME x\n")
	v, err := New(nil, ParallelConfig{Setup: program.Setup{Mode: program.Sequential}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := v.load(p)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		used := &machine{mem: make([]cell, l.unit.functions[0].size)}
		for i := range used.mem {
			used.mem[i] = intCell(7)
		}
		l.unit.spare.Put(used)
		if r, err := v.Run(context.Background(), p); err != nil || r.Err == nil || r.Err.Kind != program.UndefinedName {
			t.Fatalf("%v, %v; want that x is undefined", err, r.Outcome)
		}
	}
}
