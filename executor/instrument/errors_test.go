package instrument

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bad input is told in one line that names what is wrong, as a type that callers
// can tell from a fault of ours.
func TestBadInputIsToldInOneLine(t *testing.T) {
	const good = "package p\n\nfunc F() {}\n"
	const test = "package p\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) { F() }\n"
	module := "module example.com/p\n\ngo 1.24\n"
	for _, c := range []struct {
		name     string
		files    map[string]string
		patterns []string
		env      string
		want     string
		setup    bool
	}{
		{"no module", map[string]string{"p.go": good, "p_test.go": test}, nil, "", "is not in a Go module", true},
		{"no tests", map[string]string{"go.mod": module, "p.go": good}, nil, "", "no test files in .", true},
		{"no packages", map[string]string{"go.mod": module, "p.go": good, "sub/text": ""}, []string{"./sub/..."}, "", "matches no packages", true},
		{"missing tree", map[string]string{"go.mod": module, "p.go": good}, []string{"./none/..."}, "", "no such file or directory", false},
		{"missing folder", map[string]string{"go.mod": module, "p.go": good, "p_test.go": test}, []string{"./none"}, "", "directory not found", false},
		{"syntax", map[string]string{"go.mod": module, "p.go": "package p\n\nfunc F( {}\n", "p_test.go": test}, nil, "", "p.go:3:", false},
		{"types", map[string]string{"go.mod": module, "p.go": "package p\n\nfunc F() { go undefined() }\n", "p_test.go": test}, nil, "", "p.go:3:15: undefined: undefined", false},
		{"types of a test", map[string]string{"go.mod": module, "p.go": good, "p_test.go": test + "var _ int = \"\"\n"}, nil, "", "p_test.go:6:13: ", false},
		{"import", map[string]string{"go.mod": module, "p.go": "package p\n\nimport _ \"example.org/none\"\n\nfunc F() {}\n", "p_test.go": test}, nil, "", "p.go:3:8: cannot find module providing package example.org/none", false},
		{"import of a test", map[string]string{"go.mod": module, "p.go": good, "p_test.go": strings.Replace(test, "import \"testing\"", "import (\n\t_ \"example.org/none\"\n\t\"testing\"\n)", 1)}, nil, "", "p_test.go:4:2: cannot find module providing package example.org/none", false},
		{"go.mod", map[string]string{"go.mod": "modul example.com/p\n", "p.go": good, "p_test.go": test}, nil, "", "unknown directive: modul", false},
		{"import cycle", map[string]string{"go.mod": module, "p.go": "package p\n\nimport _ \"example.com/p/q\"\n\nfunc F() {}\n", "q/q.go": "package q\n\nimport _ \"example.com/p\"\n", "p_test.go": test}, nil, "", "import cycle not allowed", false},
		{"a file", map[string]string{"go.mod": module, "p.go": good, "p_test.go": test}, []string{"p_test.go"}, "", "p_test.go is a file: name packages", true},
		{"the standard library", map[string]string{"go.mod": module, "p.go": good, "p_test.go": test}, []string{"fmt"}, "", "fmt matches no packages outside", true},
		{"newer release", map[string]string{"go.mod": "module example.com/p\n\ngo 1.99\n", "p.go": good, "p_test.go": test}, nil, "local", "do not load: go.mod requires go >= 1.99", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GOFLAGS", "-mod=readonly")
			if c.env != "" {
				t.Setenv("GOTOOLCHAIN", c.env)
			}
			dir := t.TempDir()
			for name, text := range c.files {
				name = filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Build(t.Context(), Config{Dir: dir, Patterns: c.patterns, Runtime: passthrough, Cache: t.TempDir()})
			if err == nil {
				t.Fatal("built")
			}
			var setup *SetupError
			var load *LoadError
			if errors.As(err, &setup) != c.setup || errors.As(err, &load) == c.setup {
				t.Errorf("%T: %v", err, err)
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\nwant: %s", err, c.want)
			}
		})
	}
	_, err := Build(t.Context(), Config{Dir: filepath.Join(t.TempDir(), "none"), Runtime: passthrough, Cache: t.TempDir()})
	if setup := new(SetupError); !errors.As(err, &setup) {
		t.Error(err)
	}
}
