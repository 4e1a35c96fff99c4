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

// timesOver is how often a report is written: what comes in the order of a map of two, which is another one each time, is
// the same so often once in a hundred.
const timesOver = 8

// Repeats holds that render writes the same bytes each time, and returns them.
func Repeats(t *testing.T, render func(io.Writer) error) []byte {
	t.Helper()
	var first []byte
	for i := range timesOver {
		var b bytes.Buffer
		if err := render(&b); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = b.Bytes()
		} else if !bytes.Equal(first, b.Bytes()) {
			t.Fatalf("what is written differs from one time to the next (-first +now):\n%s", cmp.Diff(string(first), b.String()))
		}
	}
	return first
}

// Check compares what render writes, the same each time, with a file in testdata.
func Check(t *testing.T, name string, render func(io.Writer) error) {
	t.Helper()
	got := Repeats(t, render)
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
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
