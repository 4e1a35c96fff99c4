package instrument

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kinds of functions that the go command finds in test files by their names, and
// the type of package testing that each takes.
var kinds = []struct{ prefix, param string }{{"Test", "T"}, {"Fuzz", "F"}, {"Benchmark", "B"}}

// testKind is the type of package testing that a function of a test file takes
// when the go command runs it: T, F, B, M, or "".
func testKind(d *ast.FuncDecl) string {
	if d.Recv != nil || d.Type.TypeParams != nil || d.Type.Results != nil || d.Type.Params.NumFields() != 1 {
		return ""
	}
	star, ok := d.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return ""
	}
	param := ""
	switch x := star.X.(type) {
	case *ast.SelectorExpr:
		param = x.Sel.Name
	case *ast.Ident:
		param = x.Name
	}
	if d.Name.Name == "TestMain" && param == "M" {
		return "M"
	}
	for _, k := range kinds {
		if param == k.param && strings.HasPrefix(d.Name.Name, k.prefix) {
			r, _ := utf8.DecodeRuneInString(d.Name.Name[len(k.prefix):])
			if !unicode.IsLower(r) {
				return param
			}
		}
	}
	return ""
}

// testName is what a test function is called once its parameter is the shim's,
// so that the go command does not take it for a test of its own. Exported names
// stay exported: external tests may call them.
func testName(name string) string { return "Verify_" + name }

// testFunctions finds the functions of a file that run as tests, by the type of
// package testing that each takes. One that hands a redirected value to code that
// keeps the standard library's types is left native, and does not run.
func (f *file) testFunctions() {
	if !strings.HasSuffix(f.name, "_test.go") {
		return
	}
	for _, d := range f.syntax.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || testKind(d) == "" {
			continue
		}
		star := d.Type.Params.List[0].Type.(*ast.StarExpr)
		named, ok := types.Unalias(f.info.TypeOf(star.X)).(*types.Named)
		if !ok || named.Obj().Pkg() == nil || f.lib.standIn(named.Obj().Pkg().Path(), named.Obj().Name()) == "" {
			continue
		}
		o := f.info.Defs[d.Name]
		if at, why := f.foreign(d); why != "" {
			f.left(at, d.Name.Name, "is not run: "+why)
			f.tests[o] = ""
			continue
		}
		if f.tests[o] = testKind(d); f.tests[o] == "M" {
			f.mainFunction(d)
		}
	}
}

// runNone lists the tests of a file that is left native.
func (f *file) runNone(why string) {
	if !strings.HasSuffix(f.name, "_test.go") {
		return
	}
	for _, d := range f.syntax.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && slices.Contains([]string{"T", "F"}, testKind(d)) {
			f.left(d.Pos(), d.Name.Name, why)
		}
	}
}

// foreign finds a use of a native function whose signature names a redirected
// type: the rewritten value would not have that type.
func (f *file) foreign(d *ast.FuncDecl) (at token.Pos, why string) {
	ast.Inspect(d, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || why != "" {
			return why == ""
		}
		fn, ok := f.info.Uses[id].(*types.Func)
		if !ok || !f.lib.native(fn) {
			return true
		}
		if name := f.lib.redirectedIn(fn.Signature()); name != "" {
			at, why = id.Pos(), fmt.Sprintf("%s takes the standard library's %s", fn.FullName(), name)
		}
		return true
	})
	return at, why
}

// function keeps the source of a test that is left native.
func (f *file) function(d *ast.FuncDecl) ([]edit, bool) {
	kind, ok := f.tests[f.info.Defs[d.Name]]
	if !ok || kind != "" {
		return nil, false
	}
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if f.isPackage(id) {
				f.keep(id)
			}
		}
		return true
	})
	return nil, true
}
