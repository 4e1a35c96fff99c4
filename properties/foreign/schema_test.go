package foreign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"synchrony/executor/sched"
	"synchrony/generators/programs"
)

// schema holds a message against the JSON Schema, or a part of it.
func schema(t *testing.T, part string) func(message []byte) error {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../docs/protocol.schema.json" + part)
	if err != nil {
		t.Fatal(err)
	}
	return func(message []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(message))
		if err != nil {
			return err
		}
		return s.Validate(v)
	}
}

// TestSchema: what verify says, and what it takes, is what the schema has.
func TestSchema(t *testing.T) {
	holds := schema(t, "")
	r := &request{ID: 1, Kind: "batch", Workload: json.RawMessage(`{"workers":1,"initial":{},"transactions":[]}`)}
	plain := *r
	r.Schedule = planOf(&sched.Plan{Turns: []sched.Turn{{Step: 3, Task: 1}}, Priorities: &sched.Priorities{Draws: []uint64{1<<53 - 1}}}, 30)
	for _, m := range []any{plain, r, rightAnswer(&plain, nil), rightAnswer(r, traceOf(r)), answer{ID: 1, Error: "no"}, greeting{1, "x", []string{"batch"}, []int{1, 2}}} {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := holds(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, bad := range []string{`{}`, `{"id":1}`, `{"protocol":1,"name":"x","kinds":[],"levels":[1]}`, `{"id":1,"observation":{},"trace":{"tasks":[],"decisions":[{"task":0,"steps":[[0,"jump","x"]]}]}}`} {
		if holds([]byte(bad)) == nil {
			t.Errorf("the schema has %s", bad)
		}
	}
}

// TestSchemaPrograms: the schema has the programs that are drawn, and what a right machine shows of them; and no other.
func TestSchemaPrograms(t *testing.T) {
	request, shown := schema(t, ""), schema(t, "#/$defs/shown")
	for seed := range 300 {
		p := machineOf(t, "right").Generator.Example(seed)
		workload, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := request(fmt.Appendf(nil, `{"id": 1, "kind": "program", "workload": %s}`, workload)); err != nil {
			t.Fatalf("%v: %s", err, workload)
		}
		if o := rightlyShown(workload); shown(o) != nil {
			t.Fatalf("%v: %s", shown(o), o)
		}
	}
	for _, bad := range []string{`["LOAD_CONST"]`, `["LOAD_CONST", 1.5]`, `["LOAD_NAME", 1]`, `["POP", 1]`, `["BUILD_LIST", 1]`, `["FORK_EXECUTION", 0]`, `[]`} {
		if request(fmt.Appendf(nil, `{"id": 1, "kind": "program", "workload": {"functions": [{"name": "main", "parameters": [], "locals": [], "code": [%s]}]}}`, bad)) == nil {
			t.Errorf("the schema has %s", bad)
		}
	}
}

// TestSchemaOperations: the schema has the operations and the instructions that there are.
func TestSchemaOperations(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type array struct {
		PrefixItems []struct{ Enum []string }
	}
	var s struct {
		Defs struct {
			Steps       struct{ Items array }
			Instruction struct{ OneOf []array }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var want []string
	for op := range operations {
		want = append(want, op)
	}
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(s.Defs.Steps.Items.PrefixItems[1].Enum)); !slices.Equal(got, want) {
		t.Errorf("the schema has %v, want %v", got, want)
	}
	var got []string
	for _, form := range s.Defs.Instruction.OneOf {
		got = append(got, form.PrefixItems[0].Enum...)
	}
	want = nil
	for _, op := range programs.PlainOpcodes() {
		want = append(want, op.String())
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("the schema has %v, want %v", got, want)
	}
}

// TestDocument: the lines that the document shows are such as the schema has.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	holds, lines := schema(t, ""), 0
	for _, fence := range regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllSubmatch(text, -1) {
		for d := json.NewDecoder(bytes.NewReader(fence[1])); ; lines++ {
			var line json.RawMessage
			if err := d.Decode(&line); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v: %s", err, fence[1])
			}
			if err := holds(line); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if lines < 5 {
		t.Errorf("%d lines only", lines)
	}
}
