package ci

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// withoutExample are the packages that others may import and that have no example that is run, a line each, with the reason: the test fails for one that has an example, too, so
// that the list only gets shorter.
const withoutExample = "testdata/without_example.txt"

// TestExamples: every package that others may import has an example that is run by go test, but for those listed.
func TestExamples(t *testing.T) {
	text, err := os.ReadFile(withoutExample)
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		name, why, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if why == "" {
			t.Errorf("%s does not say why %s has no example", withoutExample, name)
		}
		listed = append(listed, name)
	}
	with := 0
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if !forOthers(name) {
			continue
		}
		has := hasExample(t, filepath.Join("..", name))
		switch inList := slices.Contains(listed, name); {
		case has && inList:
			t.Errorf("%s has an example: take it out of %s", name, withoutExample)
		case !has && !inList:
			t.Errorf("%s has no example with an output", name)
		case has:
			with++
		}
	}
	if with < 20 {
		t.Errorf("%d packages have an example", with)
	}
	for _, name := range listed {
		if _, err := os.Stat(filepath.Join("..", name)); err != nil {
			t.Errorf("%s lists %s, which does not exist", withoutExample, name)
		}
	}
}

// forOthers reports whether packages outside of the module may import the package, and would.
func forOthers(name string) bool {
	words := strings.Split(name, "/")
	return !slices.Contains(words, "internal") && !slices.Contains([]string{"ci", "cmd", "examples", "tools"}, words[0])
}

// hasExample reports whether a package's tests have an example whose output is compared.
func hasExample(t *testing.T, folder string) bool {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return slices.ContainsFunc(doc.Examples(files...), func(e *doc.Example) bool { return e.Output != "" || e.EmptyOutput })
}
