package program

import (
	"errors"
	"strings"
	"testing"

	"synchrony/models/text"
)

// TestSyntaxErrors checks position and message of the first error of a text.
func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"LOAD_CONT 1", "t:1:1: there is no instruction LOAD_CONT; did you mean LOAD_CONST?"},
		{"load_const 1", "did you mean LOAD_CONST?"},
		{"NOP\n\tLOAD_CONST", "t:2:12: expected a value, found the end of the line"},
		{"LOAD_CONST 1 2", "t:1:14: unexpected 2 at the end of the instruction"},
		{"LOAD_CONST 99999999999999999999", "t:1:12: int 99999999999999999999 is outside 64 bits"},
		{"LOAD_CONST 1e999", "float 1e999 is out of range"},
		{`LOAD_CONST "abc`, "t:1:12: string without a closing quote"},
		{`LOAD_CONST "\q"`, "escape that is none"},
		{"LOAD_CONST [1 2]", "t:1:15: expected ] or ,, found 2"},
		{"LOAD_CONST [1", "expected ] or ,, found the end of the line"},
		{"LOAD_CONST {1.0: 2}", "t:1:13: a map key is a bool, an int or a string, not a float"},
		{"LOAD_CONST {1: 2, 1: 3}", "t:1:19: key 1 is there twice"},
		{"LOAD_CONST {1 2}", "expected :, found 2"},
		{"LOAD_CONST " + strings.Repeat("[", 100), "nested deeper than 64"},
		{"LOAD_CONST @g", "t:1:12: there is no function g"},
		{"CALL_FUNC_CONST @fi 1\n.func fib(n)\n.end", "there is no function fi; did you mean fib?"},
		{"CALL_FUNC_CONST fib 1", "expected @ and a function's name, found fib"},
		{"JUMP nowhere", "t:1:6: function main has no label nowhere"},
		{"here: NOP\nJUMP her", "did you mean here?"},
		{"x: NOP\nx: NOP", "t:2:1: label x is there twice in function main"},
		{"NOP\nx:", "t:2:1: label x has no instruction after it; add a NOP or a RETURN"},
		{"JUMP f\n.func f()\nf: NOP\n.end", "function main has no label f"},
		{"FORK_EXECUTION 0", "FORK_EXECUTION's number of workers must be an int in 1…64, not 0"},
		{"JOIN_WORKERS -1", "timeout in ms must be an int in 0…2147483647"},
		{"BUILD_LIST 300", "count must be an int in 0…256"},
		{"BUILD_LIST x", "expected BUILD_LIST's count, found x"},
		{"CALL_BUILTIN length 1", "there is no builtin length; did you mean len?"},
		{"CALL f 1", "there is no instruction CALL; did you mean CALL_NAME?"},
		{"CALL len 1", "there is no instruction CALL; did you mean CALL_BUILTIN?"},
		{"call @f 1", "did you mean CALL_FUNC_CONST?"},
		{"CALL", "did you mean CALL_NAME?"},
		{"# sums up", `expected an instruction, a label or a directive, found #; a comment begins with ";"`},
		{"NOP // rests", `t:1:5: unexpected / at the end of the instruction; a comment begins with ";"`},
		{"NOP\n\x01", "t:2:1: expected an instruction, a label or a directive, found U+0001\n"},
		{"NOP \xff", "unexpected byte 0xff at the end of the instruction\n"},
		{"CALL_BUILTIN lenn 1", "did you mean len?"},
		{".func f(\n.end", "t:1:9: expected a name, found the end of the line"},
		{".func f()\nNOP", "t:1:1: function f has no .end"},
		{".func f()\n.func g()\n.end", "t:2:1: .func inside function f"},
		{".func main()\n.end", "there is a function main already"},
		{".func f()\n.end\n.func f()\n.end", "t:3:7: there is a function f already"},
		{".end", ".end without a .func"},
		{".cost 1", "there is no directive .cost; did you mean .const?"},
		{".name a\n.name a", "t:2:7: name a is there twice"},
		{".set steps 3", "it belongs to a workload"},
		{".expect thing", "expected result, var, shared, output, silence or error, found thing"},
		{".expect error bad luck", "expected an error, one of: type error, "},
		{".expect var x 1", "expected =, found 1"},
		{".expect output 1", "expected a string"},
		{"é", "t:1:1: expected an instruction, a label or a directive, found é"},
		{"PRINT ; fine\n  PRINT é", "t:2:9: unexpected é"},
		{"(", "expected an instruction"},
		{"LOAD_CONST #-1", "a number after #"},
		{strings.Repeat("a", 300) + ": NOP\nJUMP " + strings.Repeat("a", 300), "a name has at most 255 bytes"},
	} {
		_, err := Assemble("t", []byte(c.text))
		var first *text.Error
		if !errors.As(err, &first) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q gives %v, not %q", c.text, err, c.want)
		}
	}
}

// TestSyntaxErrorText checks the layout: message, source line, caret; several at once, in order.
func TestSyntaxErrorText(t *testing.T) {
	_, err := Assemble("f.zxasm", []byte("JUMP there\r\nNOP\n\té: ADD\n\tPRINT x ; äh\n"))
	want := "f.zxasm:1:6: function main has no label there\n  | JUMP there\n  |      ^\n" +
		"f.zxasm:3:2: expected an instruction, a label or a directive, found é\n  | \té: ADD\n  | \t^\n" +
		"f.zxasm:4:8: unexpected x at the end of the instruction\n  | \tPRINT x ; äh\n  | \t      ^"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nnot\n%s", err, want)
	}
	long := strings.Repeat("x", 500)
	_, err = Assemble("t", []byte("LOAD_CONST \""+long+"\" ?"+long))
	want = "t:1:515: unexpected ? at the end of the instruction\n  | …" + long[:98] + "\" ?" + long[:99] + "…\n  | " + strings.Repeat(" ", 101) + "^"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nnot\n%s", err, want)
	}
	if _, err := Assemble("t", []byte(strings.Repeat("BAD\n", 1000))); len(err.(text.ErrorList)) > text.MaxErrors {
		t.Errorf("%d errors at once", len(err.(text.ErrorList)))
	}
}

// TestDisassemble checks the layout, and that hand-written order of functions and constants doesn't matter.
// TestUnset: a timeout of 0 is none; other numbers are numbers.
func TestUnset(t *testing.T) {
	for line, want := range map[string]bool{"    JOIN_WORKERS 0": true, "JOIN_WORKERS 0 ; any time": true, "LOAD_CONST 0": false, "FORK_EXECUTION 0": false, "": false} {
		if got := Unset(line, 0); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
	if Unset("JOIN_WORKERS 5", 5) {
		t.Error("a timeout of 5 is one")
	}
}

func TestDisassemble(t *testing.T) {
	p, err := Assemble("t", []byte(".func f(a) locals(b)\nLOAD_NAME a ; x\n STORE_NAME b\n.end\nl: LOAD_CONST 1.0\nCALL_FUNC_CONST @f, 1\nJUMP_IF_TRUE l\nCALL_NAME f 0\nBARRIER_SYNC 3"))
	if err != nil {
		t.Fatal(err)
	}
	want := "L0:\nLOAD_CONST 1.0\nCALL_FUNC_CONST @f 1\nJUMP_IF_TRUE L0\nCALL_NAME f 0\nBARRIER_SYNC 3\n" +
		"\n.func f(a) locals(b)\n    LOAD_NAME a\n    STORE_NAME b\n.end\n"
	if got := Disassemble(p); got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
	if p.Functions[0].Line(0) != 5 || p.Functions[1].Line(1) != 3 || p.Functions[0].Line(99) != 0 {
		t.Error("wrong source lines")
	}
}

// TestDisassembleTables keeps tables that the code alone doesn't give, and never panics on an
// invalid program.
func TestDisassembleTables(t *testing.T) {
	p := &Program{
		Constants: []Value{Int(2), Int(1), Int(1), Float(1)},
		Names:     []string{"unused", "x"},
		Functions: []Function{{Name: MainName, Code: []Instruction{{Op: LoadConst, A: 2}, {Op: StoreName, A: 1}, {Op: LoadConst, A: 1}, {Op: LoadConst, A: 9}}}},
	}
	want := ".const 2\n.const 1\n.const 1\n.const 1.0\n.name unused\n.name x\nLOAD_CONST #2\nSTORE_NAME x\nLOAD_CONST 1\nLOAD_CONST #9\n"
	if got := Disassemble(p); got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
	roundTrip(t, &Workload{Program: p})
	broken := &Program{Functions: []Function{{Name: "?", Params: -3, Locals: []int32{7, -1}, Code: []Instruction{
		{Op: 777, A: 1}, {Op: Jump, A: -5}, {Op: CallBuiltin, A: -1}, {Op: StoreFunc, A: -1, B: 1 << 30},
	}}}}
	if got := Disassemble(broken); !strings.Contains(got, "JUMP #-5") {
		t.Errorf("got %s", got)
	}
}

// TestWorkloadText takes every setting through its text.
func TestWorkloadText(t *testing.T) {
	text := ".set mode parallel\n.set workers 3\n.set chunk_size 7\n.set min_chunk_size 2\n.set timeout 1m0.5s\n.set retries -1\n" +
		".set no_fallback true\n.set no_metrics true\n.set queue_size 9\n.set steps 10\n.set memory 11\n.set call_depth 12\n" +
		".set live_workers 13\n.set time 14\n.fault fail chunk 1 attempt 0 after 5\n.fault hang chunk 2 attempt 1 after 0\n" +
		".fault panic chunk 3 attempt 2 after 1\n.expect result nil\nNOP\n"
	w, err := ParseWorkload("t", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Format(); got != text {
		t.Errorf("got\n%s", got)
	}
	for _, bad := range []string{
		".set speed 3", ".set step 3", ".set steps many", ".set mode fast", ".set timeout 3", ".set no_fallback 1",
		".fault burn chunk 1 attempt 1 after 1", ".fault fail chunk 1 attempt 1", ".fault fail", ".set steps 1 2",
	} {
		if _, err := ParseWorkload("t", []byte(bad)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}
