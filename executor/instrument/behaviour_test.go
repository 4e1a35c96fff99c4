package instrument

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// passthrough are shims that do what the standard library does.
var passthrough = map[string]fs.FS{".": os.DirFS("testdata/passthrough")}

// Each archive is a module whose tests say what its code means. They must pass
// as they are, and when the module is rewritten onto shims that do what the
// standard library does.
func TestRewrittenCodeBehavesAsBefore(t *testing.T) {
	archives, err := filepath.Glob("testdata/behaviour/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	cache := t.TempDir()
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			dir := unpack(t, name)
			native := exec.Command("go", "test", "-timeout=1m", "-vet=off", "./...")
			native.Dir = dir
			if out, err := native.CombinedOutput(); err != nil {
				t.Fatalf("as it is: %v\n%s", err, out)
			}
			runRewritten(t, Config{Dir: dir, Patterns: []string{"./..."}, Runtime: passthrough, Cache: cache})
		})
	}
}

func unpack(t *testing.T, archive string) string {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		data := f.Data
		if strings.Contains(f.Name, "crlf") {
			data = []byte(strings.ReplaceAll(string(data), "\n", "\r\n"))
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func runRewritten(t *testing.T, c Config) *Result {
	t.Helper()
	res, err := Build(t.Context(), c)
	if b := new(BuildError); errors.As(err, &b) {
		t.Fatal(b.Output)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Broken {
		t.Errorf("%s: %s", p.Path, p.Output)
	}
	for _, p := range res.Packages {
		cmd := exec.Command(p.Binary, "-test.timeout=1m")
		cmd.Dir = p.Dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s, rewritten: %v\n%s", p.Path, err, out)
		}
	}
	return res
}
