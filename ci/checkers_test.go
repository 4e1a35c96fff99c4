package ci

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckerPages holds that every checker has a page, which the overview links.
func TestCheckerPages(t *testing.T) {
	index, err := os.ReadFile("../docs/checkers/README.md")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob("../checkers/*/*.go")
	if err != nil || len(docs) == 0 {
		t.Fatalf("no checkers: %v", err)
	}
	seen := map[string]bool{"testdata": true, "recorded": true, "spoiled": true} // what checkers are tested with
	for _, file := range docs {
		name := filepath.Base(filepath.Dir(file))
		if seen[name] {
			continue
		}
		seen[name] = true
		if _, err := os.Stat(filepath.Join("../docs/checkers", name+".md")); err != nil {
			t.Errorf("the checker %s has no page: %v", name, err)
		}
		if !strings.Contains(string(index), "("+name+".md)") {
			t.Errorf("docs/checkers/README.md does not link %s", name)
		}
	}
}
