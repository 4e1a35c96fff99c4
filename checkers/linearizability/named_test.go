package linearizability

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"synchrony/checkers"
	"synchrony/models/history"
)

// TestNamedHistories judges the histories in testdata, archives of a model's name,
// calls, and the verdict.
func TestNamedHistories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = strings.TrimSpace(string(f.Data))
			}
			m, err := Lookup(parts["model"])
			if err != nil {
				t.Fatal(err)
			}
			h, err := history.ParseCalls(file, parts["calls"])
			if err != nil {
				t.Fatal(err)
			}
			r := Check(m, h, unhurried)
			if r.Status.String() != parts["verdict"] {
				t.Errorf("got %v, want %s", r.Status, parts["verdict"])
			}
			if r.Status != checkers.Pass {
				t.Logf("%s: %s\n\t%s", r.Rule, r.Reason, strings.Join(r.Evidence, "\n\t"))
			}
		})
	}
}

func TestLookup(t *testing.T) {
	for _, m := range Models() {
		if found, err := Lookup(m.Name()); err != nil || found.Name() != m.Name() || m.About() == "" {
			t.Errorf("%s: %v", m.Name(), err)
		}
	}
	if _, err := Lookup("queue"); err == nil || !strings.Contains(err.Error(), "register, multi-register, kv, counter, bank, shared") {
		t.Errorf("queue: %v", err)
	}
}
