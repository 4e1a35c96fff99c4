package instrument

import (
	"cmp"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// testFunc is a function that the go command would run.
type testFunc struct{ name, kind, from string } // from is the package, as generated code names it

// register makes the file that hands the tests of a root to the shim, and says
// which they are. It takes the place of TestMain; in the external test package if
// there is one, for that can name the tests of both, and renamed tests are exported.
func (r *rewriter) register(root root) []string {
	internal, external := r.testsOf(root.internal), r.testsOf(root.external)
	pkg, imported := root.name, ""
	if root.external != "" {
		pkg = root.name + "_test"
		for i, t := range internal {
			internal[i].from = "__p."
			if t.kind != "B" {
				imported = root.path
			}
		}
	}
	tests := append(internal, external...)
	text := registration(pkg, imported, tests)
	r.files[r.unusedName(root.dir, "zz_register", "_test.go")] = text
	var names []string
	for _, t := range tests {
		if t.kind == "T" || t.kind == "F" {
			names = append(names, t.name)
		}
	}
	return names
}

// testsOf finds the tests of a package in the order of its files and lines, as the
// go command would run them.
func (r *rewriter) testsOf(id string) []testFunc {
	p := r.check.checked[id]
	if p == nil || p.info == nil {
		return nil
	}
	files := slices.SortedFunc(slices.Values(p.files), func(a, b *parsedFile) int { return cmp.Compare(a.name, b.name) })
	var tests []testFunc
	for _, f := range files {
		if !strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		for _, d := range f.syntax.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			kind := r.tests[p.info.Defs[d.Name]]
			if testKind(d) == "B" {
				kind = "B"
			}
			if kind != "" {
				tests = append(tests, testFunc{name: d.Name.Name, kind: kind})
			}
		}
	}
	return tests
}

// registration is the source of a TestMain that hands all tests to the shim.
func registration(pkg, imported string, tests []testFunc) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// Code generated to register tests; DO NOT EDIT.\n\npackage %s\n\n", pkg)
	fmt.Fprintf(&b, "import (\n\t\"testing\"\n\n\t__testing %q\n", away+"/"+testingDir)
	if imported != "" {
		fmt.Fprintf(&b, "\t__p %q\n", imported)
	}
	b.WriteString(")\n\nfunc TestMain(*testing.M) {\n\tvar tests __testing.Tests\n")
	for _, t := range tests {
		f := t.from + testName(t.name)
		switch t.kind {
		case "T":
			fmt.Fprintf(&b, "\ttests.Tests = append(tests.Tests, __testing.InternalTest{Name: %q, F: %s})\n", t.name, f)
		case "F":
			fmt.Fprintf(&b, "\ttests.FuzzTargets = append(tests.FuzzTargets, __testing.InternalFuzzTarget{Name: %q, Fn: %s})\n", t.name, f)
		case "B":
			fmt.Fprintf(&b, "\ttests.Benchmarks = append(tests.Benchmarks, %q)\n", t.name)
		case "M":
			fmt.Fprintf(&b, "\ttests.TestMain = %s\n", f)
		}
	}
	b.WriteString("\t__testing.Main(tests)\n}\n")
	return b.String()
}

// unusedName is the name of a file that a folder does not have.
func (r *rewriter) unusedName(dir, base, end string) string {
	for {
		name := filepath.Join(dir, base+end)
		if _, err := os.Lstat(name); os.IsNotExist(err) && r.files[name] == "" {
			return name
		}
		base += "_"
	}
}
