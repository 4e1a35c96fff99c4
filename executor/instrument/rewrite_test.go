package instrument

import (
	"flag"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the rewriting makes of testdata/rewrite into it")

// Each archive shows what becomes of a file: its lines stay where they are, so
// that the two can be read side by side.
func TestRewrittenText(t *testing.T) {
	names, err := filepath.Glob("testdata/rewrite/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no archives", err)
	}
	dir := t.TempDir()
	tests := "package p\n" // which need all of them: nothing else is rewritten
	for _, name := range names {
		tests += "import _ \"example.com/p/" + base(name) + "\"\n"
	}
	write(t, dir, map[string]string{"go.mod": "module example.com/p\n\ngo 1.24\n", "p_test.go": tests})
	archives := map[string]*txtar.Archive{}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archives[name] = a
		write(t, filepath.Join(dir, base(name)), map[string]string{"in.go": string(a.Files[0].Data)})
	}
	files := rewriteAll(t, dir).files
	for _, name := range names {
		a := archives[name]
		got := files[filepath.Join(dir, base(name), "in.go")]
		if *update {
			a.Files = append(a.Files[:1], txtar.File{Name: "want.go", Data: []byte(got)})
			if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if len(a.Files) != 2 || got != string(a.Files[1].Data) {
			t.Errorf("%s: rewritten:\n%s", name, got)
		}
		if n, m := strings.Count(string(a.Files[0].Data), "\n"), strings.Count(got, "\n"); n != m && !strings.Contains(got, "/*line") {
			t.Errorf("%s: %d lines became %d", name, n, m)
		}
	}
}

func base(archive string) string { return strings.TrimSuffix(filepath.Base(archive), ".txtar") }

// rewriteAll rewrites the packages below a folder, and builds nothing.
func rewriteAll(t *testing.T, dir string) *rewriter {
	t.Helper()
	c := &Config{Dir: dir, Patterns: []string{"./..."}}
	env, err := environment(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	lib, err := newLibrary(passthrough)
	if err != nil {
		t.Fatal(err)
	}
	g, err := load(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{config: c, env: env, lib: lib, graph: g}
	exports, err := exportData(t.Context(), c, b.graph.std)
	if err != nil {
		t.Fatal(err)
	}
	r := &rewriter{lib: lib, graph: g, check: newChecker(dir, g, exports), files: map[string]string{}, tests: map[types.Object]string{}}
	if err := b.take(r); err != nil {
		t.Fatal(err)
	}
	if err := r.run(); err != nil {
		t.Fatal(err)
	}
	return r
}
