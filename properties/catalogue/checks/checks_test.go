package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const folder = "../../../checkers"

// unlisted are the packages of checkers that no list has, and why.
var unlisted = map[string]string{
	"internal":  "simulates runs for the tests of checkers",
	"isolation": "judges recorded histories of transactions, which verify check reads",
	"workload":  "judges recorded histories of Jepsen's workloads, which verify check reads",
	"recorded":  "holds recorded runs, and judges none",
	"spoiled":   "makes wrong recordings of right ones, and judges none",
	"smt":       "proves something of all runs of a batch or program, and is not asked about one: P1 to P4, X1",
}

// TestEveryCheckerIsListed: what a package of checkers offers as a checker of a system is
// on that system's list, and a package that offers none is known for it.
func TestEveryCheckerIsListed(t *testing.T) {
	listed := calls(t, "checks.go")
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		offered := constructors(t, filepath.Join(folder, e.Name()))
		if why := unlisted[e.Name()]; (why == "") != (len(offered) > 0) {
			t.Errorf("checkers/%s offers the checkers %q, and is kept from the lists because %q", e.Name(), offered, why)
		}
		for _, name := range offered {
			count++
			if !listed[e.Name()+"."+name] {
				t.Errorf("%s.%s is a checker on no list", e.Name(), name)
			}
		}
	}
	if n := len(Batches()) + len(Programs()); count != n {
		t.Errorf("the packages offer %d checkers, and the lists have %d", count, n)
	}
}

// constructors are the exported functions of a package, in its folder, that make a checker
// of a system.
func constructors(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, d := range parse(t, filepath.Join(dir, path)).Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			result, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr)
			if ok && (result.Sel.Name == "OfBatch" || result.Sel.Name == "OfProgram") {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// calls are the functions of other packages that a file calls: "race.New".
func calls(t *testing.T, path string) map[string]bool {
	t.Helper()
	called := map[string]bool{}
	ast.Inspect(parse(t, path), func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if s, ok := c.Fun.(*ast.SelectorExpr); ok {
				if of, ok := s.X.(*ast.Ident); ok {
					called[of.Name+"."+s.Sel.Name] = true
				}
			}
		}
		return true
	})
	return called
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestListsDiffer: no two checkers of a list have one name, by which failures are told
// apart, and the derived lists leave out what they must and no more.
func TestListsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range Batches() {
		seen[l.Checker.Name()] = true
	}
	for _, l := range Programs() {
		seen[l.Checker.Name()] = true
	}
	if n := len(Batches()) + len(Programs()); len(seen) != n {
		t.Errorf("%d names of %d checkers", len(seen), n)
	}
	if got, want := len(Together(Batches())), len(Batches())-1; got != want {
		t.Errorf("S asks %d checkers, want %d: all but overlap", got, want)
	}
	if got, want := len(Together(Programs())), len(Programs())-1; got != want {
		t.Errorf("V asks %d checkers, want %d: all but overlap/program", got, want)
	}
	statement := Statement("a run", Together(Programs()))
	for _, l := range Programs() {
		if l.Apart == "" && !strings.Contains(statement, l.Checker.Name()) {
			t.Errorf("the statement leaves out %s: %s", l.Checker.Name(), statement)
		}
	}
}
