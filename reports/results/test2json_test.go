package results

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTest2JSON(t *testing.T) {
	golden.Check(t, "run.test2json", func(w io.Writer) error { return Test2JSON(w, sample()) })
}

// TestTest2JSONIsWhatGoTestPrints: in any run, each test runs once and ends once,
// in a package that starts before and ends after.
func TestTest2JSONIsWhatGoTestPrints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := drawRun(t)
		var b bytes.Buffer
		if err := Test2JSON(&b, run); err != nil {
			t.Fatal(err)
		}
		open, running, ended := "", "", 0
		for d := json.NewDecoder(&b); ; {
			var e testEvent
			if err := d.Decode(&e); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			switch {
			case e.Action == "start":
				open = e.Package
			case e.Package != open:
				t.Fatalf("%+v, in package %q", e, open)
			case e.Action == "run":
				running = e.Test
			case e.Test != "" && e.Test != running:
				t.Fatalf("%+v, while %q runs", e, running)
			case e.Action == "output":
				if !strings.HasSuffix(e.Output, "\n") {
					t.Fatalf("not a line: %q", e.Output)
				}
			case e.Test != "":
				running = ""
				ended++
			default:
				open = ""
			}
		}
		if open != "" || running != "" || ended != len(run.Properties) {
			t.Fatalf("%d tests ended, want %d; %q and %q did not end", ended, len(run.Properties), open, running)
		}
	})
}

// TestGotestsumReadsIt: the tool that most often reads go test -json counts the
// same tests and failures.
func TestGotestsumReadsIt(t *testing.T) {
	for name, c := range map[string]struct {
		run  *Run
		want []string
	}{
		"sample":  {sample(), []string{"DONE 6 tests, 5 failures", "=== FAIL: verify/batch S2 (0.50s)", "order, lost update: two wrote"}},
		"hostile": {hostile(), []string{"DONE 7 tests, 6 failures"}},
		"passing": {&Run{Properties: sample().Properties[:1]}, []string{"DONE 1 tests in"}},
	} {
		var in, out bytes.Buffer
		if err := Test2JSON(&in, c.run); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "run.test2json")
		if err := os.WriteFile(file, in.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("go", "tool", "-modfile=../../tools/go.mod", "gotestsum", "--format", "testname", "--no-color", "--raw-command", "--", "cat", file)
		cmd.Stdout, cmd.Stderr = &out, &out
		_ = cmd.Run() // its exit code tells of failures, as its output does
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: gotestsum does not say %q:\n%s", name, want, &out)
			}
		}
	}
}
