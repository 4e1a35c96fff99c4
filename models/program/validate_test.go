package program

import (
	"errors"
	"strings"
	"testing"
)

// TestValidateRefuses assembles what can be assembled but not run.
func TestValidateRefuses(t *testing.T) {
	const f0 = "\n.func f()\n.end\n"
	for _, c := range []struct{ text, want string }{
		{"POP", "main+0): POP pops 1 values, the stack has 0"},
		{"LOAD_CONST 1; ADD", "main+1): ADD pops 2 values, the stack has 1"},
		{"JUMP #7", "target 7 is not in 0…0"},
		{"LOAD_CONST #3", "constant 3 is not in 0…-1"},
		{"LOAD_NAME #0", "name 0 is not in 0…-1"},
		{"CALL_BUILTIN #99 0", "builtin 99 is not in"},
		{".const 1; CALL_FUNC_CONST #0 0", "constant 0 is a int, not a function"},
		{"x: LOAD_CONST 1; JUMP x", "the stack has depth 0 here, but 1 when coming from 1"},
		{"LOAD_CONST 1; JUMP_IF_TRUE x; LOAD_CONST 1; x: NOP", "the stack has depth"},
		{"CALL_BUILTIN len 0", "len takes 1 argument, not 0"},
		{"LOAD_CONST 1; LOAD_CONST 1; LOAD_CONST 1; CALL_BUILTIN range 3", "range takes 1 to 2 arguments, not 3"},
		{"CALL_BUILTIN min 0", "min takes at least 1 argument, not 0"},
		{"LOAD_CONST 1; CALL_FUNC_CONST @f 1" + f0, "function f takes 0 arguments, not 1"},
		{"LOAD_CONST []; PARALLEL_MAP @f" + f0, "function f takes 0 arguments, not 1"},
		{"LOAD_CONST 1; STORE_NAME worker_id", "worker_id can't be stored"},
		{"STORE_FUNC worker_id @f" + f0, "worker_id can't be stored"},
		{"NOP\n.func f(worker_id)\n.end", "worker_id can't be a local"},
		{"NOP\n.func f(a, b) locals(a)\n.end", "local a is there twice"},
		{"FORK_EXECUTION 2; NOP", "FORK_EXECUTION without a JOIN_WORKERS"},
		{"NOP; JOIN_WORKERS 0", "JOIN_WORKERS without a FORK_EXECUTION"},
		{"BARRIER_SYNC 0", "BARRIER_SYNC outside a fork"},
		{"FORK_EXECUTION 2; JOIN_WORKERS 0; BARRIER_SYNC 0", "BARRIER_SYNC outside a fork"},
		{"FORK_EXECUTION 2; RETURN; JOIN_WORKERS 0", "RETURN inside a fork"},
		{"FORK_EXECUTION 2; JUMP x; JOIN_WORKERS 0; x: NOP", "goes into or out of a fork"},
		{"JUMP x; FORK_EXECUTION 2; x: NOP; JOIN_WORKERS 0", "goes into or out of a fork"},
		{"JUMP x; FORK_EXECUTION 2; NOP; x: JOIN_WORKERS 0", "goes into or out of a fork"},
		{"FORK_EXECUTION 2; JUMP x; FORK_EXECUTION 2; x: NOP; JOIN_WORKERS 0; JOIN_WORKERS 0", "goes into or out of a fork"},
		{"FORK_EXECUTION 2; LOAD_CONST 1; JOIN_WORKERS 0", "a worker's stack must be empty at its JOIN_WORKERS, it has 1"},
		{"LOAD_CONST 1; FORK_EXECUTION 2; POP; JOIN_WORKERS 0", "POP pops 1 values, the stack has 0"},
		{strings.Repeat("LOAD_CONST 1; ", MaxStack+1), "the stack gets deeper than 256"},
		{"LOAD_CONST @main", "the main code can't be a function value"},
		{"LOAD_CONST []; PARALLEL_MAP @f\n.func f(x)\nLOAD_NAME x\nPRINT\n.end", "PARALLEL_MAP of f, which may use PRINT (f+1)"},
		{"LOAD_CONST []; PARALLEL_MAP @f\n.func f(x)\nCALL_FUNC_CONST @g 0\n.end\n.func g()\nLOAD_CONST 1\nSHARED_WRITE s\n.end", "which may use SHARED_WRITE (g+1)"},
		{"LOAD_CONST []; PARALLEL_MAP @f\n.func f(x)\nLOAD_CONST 1\nATOMIC_ADD s\n.end", "which may use ATOMIC_ADD"},
		{"LOAD_CONST []; PARALLEL_MAP @f\n.func f(x)\nLOAD_CONST 1\nDUP\nATOMIC_CAS s\n.end", "which may use ATOMIC_CAS"},
		{"LOAD_CONST []; PARALLEL_MAP @f\n.func f(x)\nLOAD_CONST 1\nCALL_BUILTIN work 1\n.end", "which may use work"},
		{"LOAD_CONST []; PARALLEL_MAP @f; STORE_FUNC g @p\n.func f(x)\nCALL_NAME g 0\n.end\n.func p()\nLOAD_CONST 1\nPRINT\n.end", "which may use PRINT (p+1)"},
		{"LOAD_CONST []; PARALLEL_MAP @f; LOAD_CONST {1: [@p]}\n.func f(x)\nLOAD_NAME x\nCALL_TOP 0\n.end\n.func p()\nLOAD_CONST 1\nPRINT\n.end", "which may use PRINT (p+1)"},
	} {
		w, err := ParseWorkload("t", []byte(program(c.text)))
		if err == nil {
			err = Validate(w.Program)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngives %v, not %q", c.text, err, c.want)
		}
	}
}

// TestValidateAccepts has the nearest valid neighbours of what TestValidateRefuses refuses.
func TestValidateAccepts(t *testing.T) {
	for _, text := range []string{
		"",
		"RETURN; POP; POP", // what no path reaches has no depth
		"x: JUMP x",
		strings.Repeat("LOAD_CONST 1; ", MaxStack),
		"FORK_EXECUTION 64; x: NOP; JUMP x; JOIN_WORKERS 0",
		"FORK_EXECUTION 2; JUMP x; NOP; x: JOIN_WORKERS 0",
		"x: FORK_EXECUTION 2; JOIN_WORKERS 0; JUMP x",
		"LOAD_CONST 1; FORK_EXECUTION 2; JOIN_WORKERS 0; POP",
		"LOAD_CONST []; PARALLEL_MAP @f; CALL_FUNC_CONST @p 0\n.func f(x)\nCALL_NAME g 0\n.end\n.func p()\nLOAD_CONST 1\nPRINT\n.end",
		"LOAD_CONST []; PARALLEL_MAP @f\n.func f(x)\nSHARED_READ s\nCALL_FUNC_CONST @f 1\n.end",
		"LOAD_NAME worker_id; SHARED_READ worker_id; SHARED_WRITE worker_id",
	} {
		w, err := ParseWorkload("t", []byte(program(text)))
		if err == nil {
			err = Validate(w.Program)
		}
		if err != nil {
			t.Errorf("%s\ngives %v", text, err)
		}
	}
}

// TestValidateTables breaks what the assembler would never get wrong.
func TestValidateTables(t *testing.T) {
	deep := Nil
	for range MaxNesting + 2 {
		deep = List(deep)
	}
	wide := List()
	for range 40 {
		wide = List(wide, wide)
	}
	main := Function{Name: MainName}
	code := func(in ...Instruction) []Function { return []Function{{Name: MainName, Code: in}} }
	for _, c := range []struct {
		p    Program
		want string
	}{
		{Program{}, "the first function must be the main code"},
		{Program{Functions: []Function{{Name: "f"}}}, "the first function must be the main code"},
		{Program{Functions: []Function{{Name: MainName, Params: 1}}}, "main code can't have parameters"},
		{Program{Functions: []Function{main, main}}, "two functions are named main"},
		{Program{Functions: []Function{main, {Name: "a b"}}}, `name "a b" is not of letters`},
		{Program{Functions: []Function{main, {Name: "f", Params: 1}}}, "1 of 0 locals can't be parameters"},
		{Program{Functions: []Function{main, {Name: "f", Params: -1}}}, "-1 of 0 locals"},
		{Program{Functions: []Function{main, {Name: "f", Locals: []int32{0}}}}, "local 0 has name 0, but there are 0"},
		{Program{Functions: []Function{main, {Name: "f", Locals: make([]int32, MaxLocals+1)}}, Names: []string{"a"}}, "257 locals"},
		{Program{Functions: []Function{main}, Names: []string{"a", "a"}}, "name 1, a, is there twice"},
		{Program{Functions: []Function{main}, Names: []string{""}}, `name 0, ""`},
		{Program{Functions: []Function{main}, Names: []string{strings.Repeat("a", 300)}}, "name 0"},
		{Program{Functions: []Function{main}, Constants: []Value{deep}}, "nested deeper than 64"},
		{Program{Functions: []Function{main}, Constants: []Value{wide}}, "larger than"},
		{Program{Functions: []Function{main}, Constants: []Value{List(Func("g"))}}, `no function "g"`},
		{Program{Functions: []Function{main}, Constants: []Value{Func(MainName)}}, "can't be a function value"},
		{Program{Functions: code(Instruction{Op: 0})}, "unknown opcode 0"},
		{Program{Functions: code(Instruction{Op: 65535})}, "unknown opcode 65535"},
		{Program{Functions: code(Instruction{Op: Nop, B: 1})}, "operand B: unused operand 1"},
		{Program{Functions: code(Instruction{Op: BuildList, A: -1})}, "count -1"},
		{Program{Functions: code(Instruction{Op: BuildMap, A: MaxStack})}, "BUILD_MAP pops 512"},
		{Program{Functions: code(Instruction{Op: ForkExecution})}, "number of workers 0"},
		{Program{Functions: code(Instruction{Op: ForkExecution, A: MaxWorkers + 1})}, "number of workers 65"},
		{Program{Functions: code(Instruction{Op: ForkExecution, A: 1}, Instruction{Op: JoinWorkers, A: -1})}, "timeout -1"},
		{Program{Functions: code(Instruction{Op: BarrierSync, A: -1})}, "barrier -1"},
	} {
		err := Validate(&c.p)
		var typed *InvalidError
		if !errors.As(err, &typed) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, not %q", err, c.want)
		}
	}
}

// TestShape checks what Analyze finds out.
func TestShape(t *testing.T) {
	w := load(t, program("LOAD_CONST 1; FORK_EXECUTION 2; LOAD_CONST 2; POP; JOIN_WORKERS 0; POP; RETURN; NOP"))
	shapes, err := Analyze(w.Program)
	if err != nil {
		t.Fatal(err)
	}
	s := shapes[0]
	for pc, want := range [][3]int{{0, -1, -1}, {1, 4, -1}, {0, -1, 1}, {1, -1, 1}, {0, 1, 1}, {1, -1, -1}, {0, -1, -1}, {-1, -1, -1}} {
		if got := [3]int{s.Depth[pc], s.Partner[pc], s.Block[pc]}; got != want {
			t.Errorf("at %d: depth, partner and block are %v, not %v", pc, got, want)
		}
	}
	if s.MaxStack != 1 {
		t.Errorf("the largest depth is %d", s.MaxStack)
	}
}
