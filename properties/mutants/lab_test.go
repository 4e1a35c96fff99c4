package mutants

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testBudget is enough to kill what these tests break.
var testBudget = Budget{Seed: 1, Iterations: 40, Patience: 20 * time.Second, Time: time.Minute}

// newTestLab returns a lab on the source that this test is part of.
func newTestLab(t *testing.T) *Lab {
	t.Helper()
	root, err := FindSource("")
	if err != nil {
		t.Fatal(err)
	}
	lab, err := NewLab(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lab.Close(); err != nil {
			t.Error(err)
		}
	})
	return lab
}

// TestLabKills builds a variant whose executor forgets that a writer waits for
// earlier readers, and has S6 find that.
func TestLabKills(t *testing.T) {
	lab := newTestLab(t)
	const path = "executor/synchrony/graph.go"
	source, err := os.ReadFile(filepath.Join(lab.Root(), path))
	if err != nil {
		t.Fatal(err)
	}
	const line = "sc.edge(sc.readers[r-1].tx, j) // write after read"
	if !strings.Contains(string(source), line) {
		t.Fatalf("%s has no line %q any more", path, line)
	}
	binary, err := lab.Build(t.Context(), Variant{"no WAR", path, []byte(strings.Replace(string(source), line, "", 1))})
	if err != nil {
		t.Fatal(err)
	}
	o, err := lab.Run(t.Context(), binary, []string{"S16", "S6", "S7"}, testBudget)
	if err != nil {
		t.Fatal(err)
	}
	if o.Status != Killed || o.Property != "S6" || o.Failure.Checker != "race" || o.Failure.Size != 2 {
		t.Errorf("the outcome is %+v, want a race of two transactions found by S6", o)
	}
	if o.Cases <= testBudget.Iterations || o.Cases >= 2*testBudget.Iterations {
		t.Errorf("%d cases were run, want those of S16 and some of S6", o.Cases)
	}
	if _, err := os.Stat(o.Failure.File); err != nil {
		t.Errorf("the counterexample was not kept: %v", err)
	}
}

func TestBuildError(t *testing.T) {
	lab := newTestLab(t)
	_, err := lab.Build(t.Context(), Variant{"half a file", "models/batch/order.go", []byte("package batch\nfunc {")})
	var broken *BuildError
	if !errors.As(err, &broken) || broken.Variant != "half a file" || !strings.Contains(err.Error(), "order.go") &&
		!strings.Contains(err.Error(), "syntax error") {
		t.Errorf("error %v, want a BuildError with the compiler's words", err)
	}
}

func TestFindSource(t *testing.T) {
	root, err := FindSource("")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := FindSource(root); err != nil || again != root {
		t.Errorf("FindSource(%q) is %q, %v", root, again, err)
	}
	elsewhere := t.TempDir()
	var missing *SourceError
	if _, err := FindSource(elsewhere); !errors.As(err, &missing) {
		t.Errorf("an empty folder: %v, want a SourceError", err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "go.mod"), []byte("module other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := FindSource(elsewhere); !errors.As(err, &missing) || !strings.Contains(err.Error(), "module other") {
		t.Errorf("another module: %v, want a SourceError that names it", err)
	}
	t.Chdir(elsewhere)
	if _, err := FindSource(""); !errors.As(err, &missing) {
		t.Errorf("outside of any source: %v, want a SourceError", err)
	}
}
