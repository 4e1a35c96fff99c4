package gotest

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSeeded: a test reads a seed if it says the variable's name, or one of the packages that read it.
func TestSeeded(t *testing.T) {
	for kit, call := range map[string]string{
		"pgregory.net/rapid": "rapid.Check(t, nil)", "synchrony/properties/batchtest": "batchtest.Check(t, batchtest.Executor{})",
		"synchrony/properties/programtest": "programtest.Check(t, programtest.Interpreter{})",
	} {
		dir := t.TempDir()
		text := "package p\n\nimport (\n\t\"testing\"\n\n\t\"" + kit + "\"\n)\n\nfunc TestDrawn(t *testing.T) { " + call + " }\n\nfunc TestPlain(t *testing.T) {}\n"
		if err := os.WriteFile(filepath.Join(dir, "p_test.go"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d := declarations(sourceFiles(dir))
		if len(d.tests) != 2 || !d.seeded["TestDrawn"] || d.seeded["TestPlain"] || d.shared {
			t.Errorf("%s: %+v", kit, d)
		}
	}
}
