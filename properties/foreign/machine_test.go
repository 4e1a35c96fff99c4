package foreign

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"synchrony/checkers"
	language "synchrony/models/program"
	"synchrony/properties"
)

// assembled is a program from its JSON form, by way of the assembler: each instruction's words are a line of it.
func assembled(document []byte) (*language.Program, error) {
	var d struct {
		Functions []struct {
			Name               string
			Parameters, Locals []string
			Code               [][]any
		}
	}
	if err := json.Unmarshal(document, &d); err != nil {
		return nil, err
	}
	var text strings.Builder
	for i, f := range d.Functions {
		if i > 0 {
			fmt.Fprintf(&text, ".func %s(%s) locals(%s)\n", f.Name, strings.Join(f.Parameters, ","), strings.Join(f.Locals, ","))
		}
		for _, words := range f.Code {
			for k, word := range words {
				switch op := words[0].(string); {
				case word == nil:
					word = "nil"
				case k == 1 && op == "CALL_FUNC_CONST":
					word = fmt.Sprint("@", word)
				case k == 1 && strings.HasPrefix(op, "JUMP"):
					word = fmt.Sprint("#", word)
				}
				if n, is := word.(float64); is {
					word = int64(n)
				}
				fmt.Fprint(&text, word, " ")
			}
			fmt.Fprintln(&text)
		}
		if i > 0 {
			fmt.Fprintln(&text, ".end")
		}
	}
	return language.Assemble("workload", []byte(text.String()))
}

// rightlyShown is what a right machine shows of a program.
func rightlyShown(document []byte) json.RawMessage {
	p, err := assembled(document)
	if err != nil {
		panic(err)
	}
	o, err := language.Run(p, language.Limits{})
	if err != nil {
		panic(err)
	}
	shown := Shown{Output: append([]string{}, o.Output...), Variables: map[string]Value{}, Shared: map[string]Value{}, Result: Value{o.Result}}
	for _, b := range o.Variables {
		shown.Variables[b.Name] = Value{b.Value}
	}
	for _, b := range o.Shared {
		shown.Shared[b.Name] = Value{b.Value}
	}
	if e := o.Err; e != nil {
		shown.Error = &Trap{e.Kind.String(), e.Name, e.PC}
	}
	text, err := json.Marshal(shown)
	if err != nil {
		panic(err)
	}
	return text
}

// machineOf is the property of this binary as a machine.
func machineOf(t testing.TB, behaviour string) *properties.Property[*language.Program, ran] {
	t.Helper()
	p, err := machine(&program{t.Context(), self(behaviour), &greeting{Version, "test", []string{"program"}, behaviours[behaviour].levels}, "program", patient})
	if err != nil {
		t.Fatal(err)
	}
	return p.(*properties.Property[*language.Program, ran])
}

// TestRightMachine: a machine that does its part is judged, at either level, whatever programs it gets.
func TestRightMachine(t *testing.T) {
	for _, behaviour := range []string{"right", "scheduled"} {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			r, err := machineOf(t, behaviour).Run(t.Context(), properties.Spec{Seed: 1, Count: 100, Budget: properties.Budget{Single: 1, Random: 1}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status() != checkers.Pass || (r.Uncontrolled == 100) != (behaviour == "right") {
				t.Errorf("%v: %s: %+v", r.Status(), r.Why(), r)
			}
		})
	}
}

// judgeProgram judges what a machine has shown.
func judgeProgram(t testing.TB, p *language.Program, o ran) checkers.Verdict {
	t.Helper()
	return machineOf(t, "right").Checkers[0].Check(p, o)
}

// shares is a program in which workers do all that they may.
const shares = `LOAD_CONST 3
STORE_NAME a
FORK_EXECUTION 2
LOAD_NAME worker_id
PRINT
LOAD_NAME a
ATOMIC_ADD n
POP
JOIN_WORKERS 0
LOAD_CONST 7
LOAD_NAME a
LOAD_CONST 3
SUB
DIV
`

// TestShown: what a machine shows is held to what sequential execution shows, and what none can show is refused.
func TestShown(t *testing.T) {
	p, err := language.Assemble("text", []byte(shares))
	if err != nil {
		t.Fatal(err)
	}
	const failed = `"error": {"kind": "division by zero", "function": "main", "instruction": 13}`
	for shown, want := range map[string]string{
		`{"output": ["0", "1"], "variables": {"a": 3}, "shared": {"n": 6}, ` + failed + `}`:                                     "",
		`{"output": ["1", "0"], "variables": {"a": 3}, "shared": {"n": 6}, ` + failed + `}`:                                     "wrong output",
		`{"output": ["0", "1"], "variables": {"a": 3}, "shared": {"n": 3}, ` + failed + `}`:                                     "wrong shared variables",
		`{"output": ["0", "1"], "variables": {"a": true}, "shared": {"n": 6}, ` + failed + `}`:                                  "wrong variables",
		`{"output": ["0", "1"], "variables": {"a": 3}, "shared": {"n": 6}, "result": 0}`:                                        "wrong error",
		`{"output": ["0", "1"], "variables": {"a": 3, "n": null}, "shared": {"n": 6}, ` + failed + `}`:                          "wrong variables",
		`{"output": [], "variables": {"z": 3}, "shared": {}}`:                                                                   `variable "z" is not in the program`,
		`{"output": [], "variables": {}, "shared": {"z": 3}}`:                                                                   `variable "z" is not in the program`,
		`{"output": [], "variables": {}, "shared": {}, "error": {"kind": "no luck"}}`:                                           `there is no error "no luck"`,
		`{"output": [], "variables": {}, "shared": {}, "result": 1, ` + failed + `}`:                                            "it has a result, and an error",
		`{"variables": {}, "shared": {}}`:                                                                                       "it has no output, no variables, or no shared variables",
		`{"output": [], "variables": {}, "shared": {}, "error": {"kind": "type error", "function": "main", "instruction": 14}}`: "there is no instruction 14 of a function",
		`{"output": [], "variables": {"a": 1.5}, "shared": {}}`:                                                                 "1.5 is no value",
	} {
		var o ran
		got := ""
		if err := json.Unmarshal([]byte(shown), &o.Result); err != nil {
			got = err.Error()
		} else if got = unthinkable(p, &o.Result); got == "" {
			got = judgeProgram(t, p, o).Rule
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", shown, got, want)
		}
	}
}

// TestVerbose: of an output that is very long, a failure tells so much that it can be read.
func TestVerbose(t *testing.T) {
	spec := few
	spec.Count = 20
	r, err := machineOf(t, "verbose").Run(t.Context(), spec, nil)
	if err != nil || len(r.Failures) != 1 {
		t.Fatalf("%v, %v: %s", err, r.Status(), r.Why())
	}
	if f := r.Failures[0]; f.Rule != "wrong output" || !strings.Contains(f.Text, " bytes)") || len(f.Text) > 90<<10 {
		t.Errorf("%s, in %d bytes", f.Rule, len(f.Text))
	}
}

// FuzzShown: whatever a machine shows of a program, it is refused, or is judged, and is written and read as it is.
func FuzzShown(f *testing.F) {
	p, err := language.Assemble("text", []byte(shares))
	if err != nil {
		f.Fatal(err)
	}
	document, err := json.Marshal(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(rightlyShown(document)))
	f.Add([]byte(`{"output":["nil"],"variables":{"a":null},"shared":{"n":true},"error":{"kind":"step limit","function":"main","instruction":0}}`))
	f.Fuzz(func(t *testing.T, shown []byte) {
		var o ran
		if json.Unmarshal(shown, &o.Result) != nil || unthinkable(p, &o.Result) != "" {
			return
		}
		judgeProgram(t, p, o)
		tellProgram(p, o, nil)
		text, err := json.Marshal(o.Result)
		if err != nil {
			t.Fatal(err)
		}
		var again ran
		if err := json.Unmarshal(text, &again.Result); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if a, b := judgeProgram(t, p, o), judgeProgram(t, p, again); a.Rule != b.Rule {
			t.Errorf("%s and, written and read again, %s:\n%s", a.Rule, b.Rule, text)
		}
	})
}
