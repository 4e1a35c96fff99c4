package recording

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
)

// TestSchema: the schema of a line has what is read, and not what is none.
func TestSchema(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile("../../docs/histories.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	holds := func(line string) error {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			return err
		}
		return s.Validate(v)
	}
	doc, err := os.ReadFile("../../docs/histories.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := [][]byte{doc}
	files, err := filepath.Glob("testdata/recorded/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if a, err := txtar.ParseFile(file); err == nil && strings.HasSuffix(a.Files[0].Name, ".jsonl") && a.Files[1].Name != "error" && !strings.Contains(file, "json_pretty") {
			texts = append(texts, a.Files[0].Data)
		}
	}
	count := 0
	for _, text := range texts {
		for line := range bytes.Lines(text) {
			if l := strings.TrimSuffix(strings.TrimSpace(string(line)), ","); strings.HasPrefix(l, `{"`) && strings.HasSuffix(l, "}") && !strings.Contains(l, "} {") {
				if count++; holds(l) != nil {
					t.Errorf("%v: %s", holds(l), l)
				}
			}
		}
	}
	if count < 30 {
		t.Errorf("%d lines", count)
	}
	for _, bad := range []string{
		`{}`, `[]`, `{"process": 0}`, `{"process": 0, "type": "begin", "f": "read"}`, `{"process": 0, "type": "invoke"}`, `{"process": 0, "call": "now", "f": "read"}`,
		`{"process": 1.5, "type": "ok"}`, `{"process": 0, "call": 1, "ops": [[]]}`, `{"initial": 5}`,
	} {
		if holds(bad) == nil {
			t.Errorf("the schema has %s", bad)
		}
	}
}
