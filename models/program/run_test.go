package program

import (
	"errors"
	"strings"
	"testing"
)

// load assembles and validates a test's program.
func load(t testing.TB, text string) *Workload {
	t.Helper()
	w, err := Load(t.Name(), []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return w
}

// run runs a test's program under its own limits.
func run(t testing.TB, text string) Outcome {
	t.Helper()
	w := load(t, text)
	o, err := Run(w.Program, w.Setup.Limits)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// check runs a program and holds it against its own expectations.
func check(t *testing.T, text string) {
	t.Helper()
	w := load(t, text)
	if w.Program.Expect == nil {
		t.Fatal("the program expects nothing")
	}
	o, err := Run(w.Program, w.Setup.Limits)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range w.Program.Expect.Check(o) {
		t.Errorf("%s\n%s", wrong, text)
	}
}

// program makes a text of one-line instructions, separated by "; " for the table's sake.
func program(lines string) string { return strings.ReplaceAll(lines, "; ", "\n") + "\n" }

// TestOperators checks "operands instruction" against a result or an error.
func TestOperators(t *testing.T) {
	const most, least = "9223372036854775807", "-9223372036854775808"
	for _, c := range []struct{ a, b, op, want string }{
		{"2", "3", "ADD", "5"},
		{"2", "0.5", "ADD", "2.5"},
		{"0.5", "2", "ADD", "2.5"},
		{`"a"`, `"b"`, "ADD", `"ab"`},
		{"[1]", "[2, 3]", "ADD", "[1, 2, 3]"},
		{"1", `"b"`, "ADD", "type error"},
		{"nil", "1", "ADD", "type error"},
		{"[1]", `"b"`, "ADD", "type error"},
		{"{}", "{}", "ADD", "type error"},
		{"true", "true", "ADD", "type error"},
		{most, "1", "ADD", "integer overflow"},
		{least, "-1", "ADD", "integer overflow"},
		{least, most, "ADD", "-1"},
		{most, "1.0", "ADD", "9.223372036854776e+18"},
		{"5", "7", "SUB", "-2"},
		{least, "1", "SUB", "integer overflow"},
		{"0", least, "SUB", "integer overflow"},
		{"-1", least, "SUB", most},
		{"1.5", "1", "SUB", "0.5"},
		{`"a"`, `"a"`, "SUB", "type error"},
		{"-3", "4", "MUL", "-12"},
		{"3037000500", "3037000500", "MUL", "integer overflow"},
		{"4611686018427387904", "2", "MUL", "integer overflow"},
		{"4611686018427387904", "-2", "MUL", least},
		{least, "-1", "MUL", "integer overflow"},
		{least, "1", "MUL", least},
		{least, "0", "MUL", "0"},
		{"2", "1.5", "MUL", "3.0"},
		{`"a"`, "3", "MUL", "type error"},
		{"7", "2", "DIV", "3"},
		{"-7", "2", "DIV", "-3"},
		{"7", "2.0", "DIV", "3.5"},
		{least, "-1", "DIV", "integer overflow"},
		{"1", "0", "DIV", "division by zero"},
		{"1.0", "0.0", "DIV", "division by zero"},
		{"1", "-0.0", "DIV", "division by zero"},
		{"nil", "0", "DIV", "type error"},
		{"-7", "3", "MOD", "-1"},
		{"7", "-3", "MOD", "1"},
		{least, "-1", "MOD", "0"},
		{"-7.5", "2", "MOD", "-1.5"},
		{"1", "0", "MOD", "division by zero"},
		{"1.0", "0", "MOD", "division by zero"},
		{"Inf", "2", "MOD", "NaN"},
		{"2", "10", "POW", "1024"},
		{"-2", "63", "POW", least},
		{"2", "63", "POW", "integer overflow"},
		{"-2", "64", "POW", "integer overflow"},
		{"0", "0", "POW", "1"},
		{"0", "5", "POW", "0"},
		{"1", most, "POW", "1"},
		{"-1", most, "POW", "-1"},
		{"-1", "4", "POW", "1"},
		{"3", most, "POW", "integer overflow"},
		{"2", "-1", "POW", "0.5"},
		{"0", "-1", "POW", "division by zero"},
		{"0.0", "-0.5", "POW", "division by zero"},
		{"4", "0.5", "POW", "2.0"},
		{"-1.0", "0.5", "POW", "NaN"},
		{"1", "1.0", "EQ", "true"},
		{"9007199254740993", "9007199254740992.0", "EQ", "false"},
		{"NaN", "NaN", "EQ", "false"},
		{"[NaN]", "[NaN]", "EQ", "false"},
		{"0.0", "-0.0", "EQ", "true"},
		{"[1, [2]]", "[1.0, [2]]", "EQ", "true"},
		{`{1: 2, "a": nil}`, `{"a": nil, 1: 2.0}`, "EQ", "true"},
		{"[1]", "[1, 2]", "EQ", "false"},
		{"1", "true", "EQ", "false"},
		{"nil", "false", "EQ", "false"},
		{`"1"`, "1", "EQ", "false"},
		{"@f", "@f", "EQ", "true"},
		{"@f", `"f"`, "EQ", "false"},
		{"1", "1.0", "NEQ", "false"},
		{"NaN", "NaN", "NEQ", "true"},
		{"1", "2.5", "LT", "true"},
		{"2", "2", "LT", "false"},
		{`"a"`, `"b"`, "LT", "true"},
		{`"a"`, "1", "LT", "type error"},
		{"[1]", "[2]", "LT", "type error"},
		{"NaN", "1", "LT", "false"},
		{"NaN", "NaN", "GTE", "false"},
		{most, "9223372036854775808.0", "LT", "true"},
		{most, "9223372036854775808.0", "GTE", "false"},
		{least, "-9223372036854775808.0", "GTE", "true"},
		{"-1e300", least, "LT", "true"},
		{"-1", "-1.5", "GT", "true"},
		{"2", "2", "LTE", "true"},
		{"3", "2", "GT", "true"},
		{"Inf", most, "GT", "true"},
		{"true", "false", "GT", "type error"},
		{"1", `""`, "AND", "false"},
		{"NaN", "@f", "AND", "true"},
		{"0", "-0.0", "OR", "false"},
		{"nil", "[0]", "OR", "true"},
		{"{}", "[]", "OR", "false"},
		{"[1, 2]", "1", "INDEX", "2"},
		{"[1, 2]", "2", "INDEX", "index out of range"},
		{"[1, 2]", "-1", "INDEX", "index out of range"},
		{"[1, 2]", "0.0", "INDEX", "type error"},
		{`{"k": [7]}`, `"k"`, "INDEX", "[7]"},
		{"{1: 2}", "true", "INDEX", "index out of range"},
		{"{1: 2}", "1.0", "INDEX", "type error"},
		{`"abc"`, "1", "INDEX", `"b"`},
		{`"abc"`, "3", "INDEX", "index out of range"},
		{"5", "0", "INDEX", "type error"},
	} {
		text := "LOAD_CONST " + c.a + "\nLOAD_CONST " + c.b + "\n" + c.op + "\nRETURN\n.func f()\n.end\n"
		o := run(t, text)
		got := o.Result.String()
		if o.Err != nil {
			got = o.Err.Kind.String()
			if o.Err.PC != 2 || o.Err.Name != "main" || o.Err.Line != 3 {
				t.Errorf("%s %s %s: the error is at %s+%d, line %d", c.a, c.b, c.op, o.Err.Name, o.Err.PC, o.Err.Line)
			}
		}
		if got != c.want {
			t.Errorf("%s %s %s gives %s, not %s", c.a, c.b, c.op, got, c.want)
		}
	}
}

// TestBuiltins checks each builtin, and NEG and NOT, on a list of arguments.
func TestBuiltins(t *testing.T) {
	for _, c := range []struct{ call, args, want string }{
		{"len", `"héé"`, "5"},
		{"len", "[1, 2]", "2"},
		{"len", "{1: 1}", "1"},
		{"len", "3", "type error"},
		{"abs", "-3", "3"},
		{"abs", "-0.0", "0.0"},
		{"abs", "-9223372036854775808", "integer overflow"},
		{"abs", "nil", "type error"},
		{"min", "3 1 2", "1"},
		{"min", "1 1.0", "1"},
		{"min", "NaN 1", "NaN"},
		{"min", "nil", "type error"},
		{"max", `"a" "b"`, `"b"`},
		{"max", `"a" 1`, "type error"},
		{"str", `"x"`, `"x"`},
		{"str", `["x", 1.0]`, `"[\"x\", 1.0]"`},
		{"int", "-2.9", "-2"},
		{"int", "true", "1"},
		{"int", `"-12"`, "-12"},
		{"int", `"+1"`, "value error"},
		{"int", `"1_0"`, "value error"},
		{"int", `""`, "value error"},
		{"int", `"99999999999999999999"`, "integer overflow"},
		{"int", "NaN", "value error"},
		{"int", "9223372036854775808.0", "integer overflow"},
		{"int", "-9223372036854775808.0", "-9223372036854775808"},
		{"int", "[]", "type error"},
		{"float", "3", "3.0"},
		{"float", `"1e3"`, "1000.0"},
		{"float", `"-Inf"`, "-Inf"},
		{"float", `"0x1p4"`, "value error"},
		{"float", `"infinity"`, "value error"},
		{"float", "nil", "type error"},
		{"type", "@f", `"function"`},
		{"type", "nil", `"nil"`},
		{"append", "[1] [2]", "[1, [2]]"},
		{"append", "{} 1", "type error"},
		{"keys", `{"b": 1, 2: 1, "a": 1, false: 0}`, `[false, 2, "a", "b"]`},
		{"keys", "[]", "type error"},
		{"values", `{"b": 1, "a": 2}`, "[2, 1]"},
		{"has", "[1, 2] 2.0", "true"},
		{"has", "{1: 1} 2", "false"},
		{"has", "{1: 1} 1.0", "type error"},
		{"has", `"abc" "bc"`, "true"},
		{"put", `{1: 1} 1 "x"`, `{1: "x"}`},
		{"put", `{1: 1} 0 2`, "{0: 2, 1: 1}"},
		{"put", "[1, 2] 0 nil", "[nil, 2]"},
		{"put", "[1, 2] 2 nil", "index out of range"},
		{"put", "{} nil nil", "type error"},
		{"slice", "[1, 2, 3] 1 3", "[2, 3]"},
		{"slice", `"abc" 0 1`, `"a"`},
		{"slice", "[1] 1 1", "[]"},
		{"slice", "[1] 1 0", "index out of range"},
		{"slice", "[1] 0 2", "index out of range"},
		{"slice", "[1] -1 1", "index out of range"},
		{"slice", "1 0 0", "type error"},
		{"range", "3", "[0, 1, 2]"},
		{"range", "2 4", "[2, 3]"},
		{"range", "4 2", "[]"},
		{"range", "1.0", "type error"},
		{"range", "9223372036854775807", "memory limit"},
		{"range", "-9223372036854775808 9223372036854775807", "memory limit"},
		{"sum", "[1, 2, 0.5]", "3.5"},
		{"sum", "[]", "0"},
		{"sum", `["a"]`, "type error"},
		{"sum", "[9223372036854775807, 1]", "integer overflow"},
		{"work", "5", "nil"},
		{"work", "-1", "value error"},
		{"work", "1.0", "type error"},
		{"NEG", "3", "-3"},
		{"NEG", "0.0", "-0.0"},
		{"NEG", "-9223372036854775808", "integer overflow"},
		{"NEG", `"a"`, "type error"},
		{"NOT", "[]", "true"},
		{"NOT", "NaN", "false"},
	} {
		text, n := "", 0
		for _, v := range literals(t, c.args) {
			text += "LOAD_CONST " + v.String() + "\n"
			n++
		}
		if _, ok := BuiltinNamed(c.call); ok {
			text += "CALL_BUILTIN " + c.call + " " + Int(int64(n)).String() + "\n"
		} else {
			text += c.call + "\n"
		}
		o := run(t, text+".func f()\n.end\n")
		got := o.Result.String()
		if o.Err != nil {
			got = o.Err.Kind.String()
		}
		if got != c.want {
			t.Errorf("%s %s gives %s, not %s (%v)", c.call, c.args, got, c.want, o.Err)
		}
	}
}

// literals reads literals that follow each other.
func literals(t *testing.T, text string) []Value {
	t.Helper()
	l := &line{a: &assembler{}, text: text, tokens: scan(text)}
	var values []Value
	for l.peek().kind != endToken && !l.failed {
		values = append(values, l.literal(0))
	}
	if l.failed {
		t.Fatal(l.a.errors)
	}
	return values
}

func TestRunRefusesInvalid(t *testing.T) {
	_, err := Run(&Program{}, Limits{})
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v", err)
	}
}
