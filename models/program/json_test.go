package program_test

import (
	"encoding/json"
	"strings"
	"testing"

	"synchrony/models/program"
)

// TestJSON: the JSON form says all by name, so that its words, one after another, are the program's text again.
func TestJSON(t *testing.T) {
	const text = `LOAD_CONST -3
STORE_NAME a
FORK_EXECUTION 2
LOAD_CONST true
JUMP_IF_FALSE #8
LOAD_CONST 1
ATOMIC_ADD n
POP
JOIN_WORKERS 0
LOAD_CONST nil
CALL_FUNC_CONST @f 1
CALL_BUILTIN abs 1
.func f(p) locals(i)
LOAD_NAME p
.end
`
	p, err := program.Assemble("text", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(p)
	const want = `{"functions":[{"name":"main","parameters":[],"locals":[],"code":[["LOAD_CONST",-3],["STORE_NAME","a"],["FORK_EXECUTION",2],["LOAD_CONST",true],` +
		`["JUMP_IF_FALSE",8],["LOAD_CONST",1],["ATOMIC_ADD","n"],["POP"],["JOIN_WORKERS",0],["LOAD_CONST",null],["CALL_FUNC_CONST","f",1],["CALL_BUILTIN","abs",1]]},` +
		`{"name":"f","parameters":["p"],"locals":["i"],"code":[["LOAD_NAME","p"]]}]}`
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

// TestJSONRefused: what JSON does not have is refused, with its place, and so is what is no program.
func TestJSONRefused(t *testing.T) {
	for text, want := range map[string]string{
		"NOP\nLOAD_CONST 1.5\nPRINT\n":        "main+1: JSON has no float as a constant",
		"LOAD_CONST \"s\"\nPRINT\n":           "main+0: JSON has no string",
		"LOAD_CONST 1\nADD\nLOAD_CONST 1.5\n": "invalid program",
	} {
		p, err := program.Assemble("text", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestPlain: a value that JSON has is read as what it is written as.
func TestPlain(t *testing.T) {
	for _, v := range []program.Value{program.Nil, program.Bool(true), program.Bool(false), program.Int(0), program.Int(-1 << 63), program.Int(1<<63 - 1)} {
		plain, ok := v.Plain()
		text, err := json.Marshal(plain)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := program.ParsePlain(text); !ok || err != nil || !program.Identical(v, again) {
			t.Errorf("%v is written as %s, and read as %v, %v", v, text, again, err)
		}
	}
	for _, text := range []string{"1.0", "1e3", "9223372036854775808", `"1"`, "[1]", "{}", "", "+1", "nul"} {
		if v, err := program.ParsePlain([]byte(text)); err == nil {
			t.Errorf("%s is read as %v", text, v)
		}
	}
	if _, ok := program.Float(1).Plain(); ok {
		t.Error("a float is plain")
	}
}
