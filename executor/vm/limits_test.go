package vm

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// waysBack has, for each way back into code that is under way, a program that goes it, in straight lines: a limit that
// is looked at again only at the next branch or call is passed.
var waysBack = map[string]string{
	"RETURN":                 "CALL_FUNC_CONST @f 0\nPOP\nNOP\nNOP\n.func f()\nLOAD_CONST 20\nSTORE_NAME a\nLOAD_NAME a\nRETURN\n.end\n",
	"end of a function":      "CALL_FUNC_CONST @f 0\nPOP\nNOP\nNOP\n.func f()\nLOAD_CONST 20\nSTORE_NAME a\nNOP\n.end\n",
	"RETURN of an argument":  "LOAD_CONST 12\nCALL_FUNC_CONST @f 1\nSTORE_NAME a\n.func f(p)\nLOAD_NAME p\nLOAD_CONST 14\nADD\nRETURN\n.end\n",
	"call by name":           "STORE_FUNC g @f\nCALL_NAME g 0\nPOP\nNOP\nNOP\n.func f()\nLOAD_CONST 1\nSTORE_NAME a\nNOP\nNOP\nNOP\n.end\n",
	"call of a value":        "LOAD_CONST @f\nCALL_TOP 0\nPOP\nNOP\nNOP\n.func f()\nLOAD_CONST 1\nSTORE_NAME a\nNOP\nNOP\nNOP\n.end\n",
	"return through callers": "CALL_FUNC_CONST @f 0\nPOP\n.func f()\nCALL_FUNC_CONST @g 0\nNOP\nNOP\nRETURN\n.end\n.func g()\nLOAD_CONST 1\nNOP\nNOP\nNOP\nRETURN\n.end\n",
	"recursion": `
	LOAD_CONST 5
	CALL_FUNC_CONST @f 1
	STORE_NAME a
.func f(n)
	LOAD_NAME n
	JUMP_IF_FALSE bottom
	LOAD_NAME n
	LOAD_CONST 1
	SUB
	CALL_FUNC_CONST @f 1
	LOAD_NAME n
	ADD
	STORE_NAME b
	LOAD_NAME b
	RETURN
bottom:
	LOAD_CONST 0
	RETURN
.end
`,
	"elements of a map": `
	LOAD_CONST [1, 2, 3]
	PARALLEL_MAP @f
	STORE_NAME list
.func f(p)
	LOAD_NAME p
	CALL_FUNC_CONST @g 1
	NOP
	RETURN
.end
` + tripling,
	"a fork's workers": `
	LOAD_CONST "ab"
	FORK_EXECUTION 2
	LOAD_NAME worker_id
	CALL_FUNC_CONST @g 1
	STORE_NAME a
	BARRIER_SYNC 1
	LOAD_CONST 2
	CALL_FUNC_CONST @g 1
	STORE_NAME a
	JOIN_WORKERS 0
	LOAD_CONST "cd"
	ADD
	PRINT
` + tripling,
	"chunks": `
	LOAD_CONST 1
	CALL_FUNC_CONST @g 1
	STORE_NAME a
	LOAD_CONST 2
	CALL_FUNC_CONST @g 1
	STORE_NAME b
	LOAD_CONST 30
	CALL_BUILTIN work 1
	BUILD_LIST 1
	PRINT
	LOAD_NAME b
	CALL_FUNC_CONST @g 1
	NOP
	RETURN
` + tripling,
}

// tripling is a function that is longer than the code around its calls.
const tripling = `
.func g(p)
	LOAD_NAME p
	LOAD_CONST 2
	MUL
	STORE_NAME b
	LOAD_NAME b
	LOAD_NAME p
	ADD
	STORE_NAME b
	NOP
	NOP
	NOP
	NOP
	LOAD_NAME b
	STORE_NAME p
	LOAD_NAME p
	RETURN
.end
`

// usesExactly demands that an outcome is the wanted one, and that the run used as much as it.
func usesExactly(t fataler, want, got program.Outcome, how string, p *program.Program) {
	t.Helper()
	if diff := want.Diff(got); diff != "" {
		t.Fatalf("%s: specification (-) and run (+) differ:\n%s%s", how, diff, program.Disassemble(p))
	}
	if got.Steps != want.Steps || got.Memory != want.Memory || got.Time != want.Time {
		t.Fatalf("%s: used %d steps, %d bytes, %d ms; want %d, %d, %d\n%s", how,
			got.Steps, got.Memory, got.Time, want.Steps, want.Memory, want.Time, program.Disassemble(p))
	}
	if want.Err != nil && (want.Err.PC != got.Err.PC || want.Err.Function != got.Err.Function) {
		t.Fatalf("%s: failed at %v, want %v\n%s", how, got.Err, want.Err, program.Disassemble(p))
	}
}

// agreesAlone compares both interpreters, without chunks, with the specification under the same limits, and returns
// what that says.
func agreesAlone(t fataler, p *program.Program, limits program.Limits) program.Outcome {
	t.Helper()
	want, err := program.Run(p, limits)
	if err != nil {
		t.Fatalf("%v\n%s", err, program.Disassemble(p))
	}
	for _, exact := range []bool{false, true} {
		usesExactly(t, want, runSequentially(t, p, limits, exact), fmt.Sprintf("%+v, exact %v", limits, exact), p)
	}
	return want
}

// agrees compares every way to run a program with the specification under the same limits.
func agrees(t fataler, p *program.Program, limits program.Limits) program.Outcome {
	t.Helper()
	want := agreesAlone(t, p, limits)
	for _, setup := range []program.Setup{
		{Mode: program.Parallel, Workers: 1, ChunkSize: 1, MinChunkSize: 1},
		{Mode: program.Parallel, Workers: 2, ChunkSize: 4, MinChunkSize: 1},
		{Mode: program.Parallel, Workers: 2},
		{Mode: program.Auto, Workers: 2},
	} {
		setup.Limits = limits
		v, err := New(nil, ParallelConfig{Setup: setup})
		if err != nil {
			t.Fatalf("%v", err)
		}
		v.config.costs = eager()
		got, err := v.Run(context.Background(), p)
		if err != nil {
			t.Fatalf("%+v: %v\n%s", setup, err, program.Disassemble(p))
		}
		usesExactly(t, want, got.Outcome, fmt.Sprintf("%+v", setup), p)
	}
	return want
}

// agreesAtEveryLimit tries each limit on steps, memory and time up to what the program takes, and one more.
func agreesAtEveryLimit(t fataler, p *program.Program, used program.Outcome) {
	t.Helper()
	for n := int64(1); n <= used.Steps+1; n++ {
		agrees(t, p, program.Limits{Steps: n})
	}
	for n := int64(1); n <= used.Memory+1; n++ {
		agrees(t, p, program.Limits{Memory: n})
	}
	for n := int64(1); n <= used.Time+1; n++ {
		agrees(t, p, program.Limits{Time: n})
	}
}

// TestEveryLimitHoldsOnEveryWayBack: wherever a limit strikes, the run ends there and has used what it should.
func TestEveryLimitHoldsOnEveryWayBack(t *testing.T) {
	for name, text := range waysBack {
		t.Run(name, func(t *testing.T) {
			p := build(t, text)
			used, err := program.Run(p, program.Limits{})
			if err != nil || used.Err != nil {
				t.Fatal(err, used.Err)
			}
			agreesAtEveryLimit(t, p, used)
		})
	}
}

// TestLimitsOfDrawnPrograms tries limits around those of what a program takes, and one on the way; and without chunks
// each of the first steps.
func TestLimitsOfDrawnPrograms(t *testing.T) {
	struck := make(map[program.ErrorKind]int)
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		used, err := program.Run(p, program.Limits{Steps: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		around := func(used int64, label string) int64 {
			if rapid.Bool().Draw(t, "at the end") {
				return max(1, used+int64(rapid.IntRange(-2, 1).Draw(t, label)))
			}
			return rapid.Int64Range(1, max(1, used)).Draw(t, label)
		}
		for _, limits := range []program.Limits{
			{Steps: around(used.Steps, "steps")}, {Memory: around(used.Memory, "memory")}, {Time: around(used.Time, "time")},
		} {
			if o := agrees(t, p, limits); o.Err != nil {
				struck[o.Err.Kind]++
			}
		}
		const most = 100
		for n := range min(used.Steps, most) {
			agreesAlone(t, p, program.Limits{Steps: n + 1})
		}
	})
	for _, kind := range []program.ErrorKind{program.StepLimit, program.MemoryLimit} {
		if struck[kind] == 0 {
			t.Errorf("no run met its %v", kind)
		}
	}
	t.Logf("errors: %v", struck)
}
