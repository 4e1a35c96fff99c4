package instrument

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSources: the identity of a module's tests is the same wherever it is, and another one if a file is, which a test may read, or how it is built.
func TestSources(t *testing.T) {
	write := func(root, name, content string) {
		t.Helper()
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	module := func() string {
		t.Helper()
		root := t.TempDir()
		write(root, "go.mod", "module example.com/m\n\ngo 1.24\n")
		write(root, "a/a.go", "package a\n\nimport \"example.com/m/b\"\n\nvar A = b.B\n")
		write(root, "a/a_test.go", "package a\n\nimport \"testing\"\n\nfunc TestA(*testing.T) {}\n")
		write(root, "a/testdata/deep/in", "1")
		write(root, "b/b.go", "package b\n\nvar B = 1\n")
		write(root, "c/c.go", "package c\n")
		return root
	}
	identity := func(c Config) string {
		t.Helper()
		id, err := Sources(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	t.Setenv("GOFLAGS", "-mod=mod")
	want := identity(Config{Dir: module(), Patterns: []string{"./..."}})
	for _, c := range []struct {
		what, file, content string
		config              Config
		same                bool
	}{
		{what: "elsewhere", same: true},
		{what: "a file beside, which is no code", file: "a/readme", content: "1", same: true},
		{what: "a dependency", file: "b/b.go", content: "package b\n\nvar B = 2\n"},
		{what: "a test", file: "a/a_test.go", content: "package a\n\nimport \"testing\"\n\nfunc TestB(*testing.T) {}\n"},
		{what: "another file", file: "a/more.go", content: "package a\n"},
		{what: "what a test reads", file: "a/testdata/deep/in", content: "2"},
		{what: "the language", file: "go.mod", content: "module example.com/m\n\ngo 1.25\n"},
		{what: "tags", config: Config{Tags: "more"}},
		{what: "the race detector", config: Config{Race: true}},
	} {
		c.config.Dir, c.config.Patterns = module(), []string{"./..."}
		if c.file != "" {
			write(c.config.Dir, c.file, c.content)
		}
		if got := identity(c.config); (got == want) != c.same {
			t.Errorf("%s: %s, of the original %s", c.what, got, want)
		}
	}
	if _, err := Sources(t.Context(), Config{Dir: t.TempDir()}); err == nil {
		t.Error("a folder without a module has an identity")
	}
}
