// Package golden compares what reports write with files in testdata, and with schemas.
package golden

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Check compares what render writes with a file in testdata.
func Check(t *testing.T, name string, render func(io.Writer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := render(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

// Validator returns a function that holds a JSON document against the schema in a file.
func Validator(t testing.TB, path string) func(io.Reader) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return func(r io.Reader) error {
		doc, err := jsonschema.UnmarshalJSON(r)
		if err != nil {
			return err
		}
		return schema.Validate(doc)
	}
}

// Full is a writer with no room left.
type Full struct{}

// Write errs.
func (Full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
