package instrument

import (
	"go/ast"
	"go/token"
	"go/types"
)

// file is one source file while it is rewritten.
type file struct {
	name   string
	src    []byte
	syntax *ast.File
	fset   *token.FileSet
	tok    *token.File
	pkg    *types.Package
	info   *types.Info
	lib    *library
	prefix string                  // begins no identifier of the package
	tests  map[types.Object]string // test functions by the type they take; "" if left native
	left   func(at token.Pos, what, reason string)

	onFiles func(at token.Pos, name string) // notes an operation on files

	used    map[string]bool            // folders of the runtime's packages to import
	imports map[*types.PkgName]usage   // of packages that have a stand-in
	two     map[*ast.UnaryExpr]bool    // receives with a second result
	native  map[*ast.UnaryExpr]bool    // receives that stay as they are
	listed  map[ast.Stmt]bool          // statements that others may take the place of
	padding map[*ast.CallExpr]bool     // calls in lengths of arrays
	moments map[ast.Expr]bool          // values that leave the run's clock, and are not translated yet
	sorted  map[*ast.SelectorExpr]bool // functions of package maps whose order does not matter
}

// usage counts the uses of an import that stay and those that are redirected.
type usage struct{ kept, redirected int }

// rewritten is the text of the file under control, or false if nothing in it
// needs to change.
func (f *file) rewritten() (string, bool) {
	f.used, f.imports = map[string]bool{}, map[*types.PkgName]usage{}
	f.two, f.native, f.listed = map[*ast.UnaryExpr]bool{}, map[*ast.UnaryExpr]bool{}, map[ast.Stmt]bool{}
	f.sorted, f.moments, f.padding = map[*ast.SelectorExpr]bool{}, map[ast.Expr]bool{}, map[*ast.CallExpr]bool{}
	var edits []edit
	for _, d := range f.syntax.Decls {
		edits = append(edits, f.edits(d)...)
	}
	if len(edits) == 0 {
		return "", false
	}
	edits = append(edits, f.importEdits()...)
	edits = append(edits, f.versionEdits()...)
	return splice(f.src, 0, len(f.src), edits), true
}

// rewrite makes the edits of one node. It reports whether they are those of the
// whole tree below it.
func (f *file) rewrite(n ast.Node) ([]edit, bool) {
	f.dialers(n)
	if e, ok := n.(ast.Expr); ok && f.moments[e] {
		return f.outwards(e), true
	}
	switch n := n.(type) {
	case *ast.GenDecl:
		return nil, n.Tok == token.IMPORT
	case *ast.FuncDecl:
		return f.function(n)
	case *ast.AssignStmt:
		return f.assignment(n)
	case *ast.ValueSpec:
		if len(n.Names) == 2 && len(n.Values) == 1 {
			f.twoResults(n.Values[0])
		}
	case *ast.BlockStmt:
		f.list(n.List)
	case *ast.CaseClause:
		f.list(n.Body)
	case *ast.Ident:
		return f.identifier(n), true
	case *ast.SelectorExpr:
		return f.selector(n)
	case *ast.SendStmt:
		return f.send(n), true
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return f.receive(n), true
		}
	case *ast.IndexExpr:
		return f.index(n)
	case *ast.ArrayType:
		f.pads(n)
	case *ast.CallExpr:
		if edits, ok := f.measure(n); ok {
			return edits, true
		}
		f.sort(n)
		return f.builtin(n), false
	case *ast.GoStmt:
		return f.spawn(n), true
	case *ast.SelectStmt:
		return f.choose(n), true
	case *ast.RangeStmt:
		return f.iterate(n)
	case *ast.ForStmt:
		return f.loop(n)
	}
	return nil, false
}

// use imports a package of the runtime and returns the name to call it by.
func (f *file) use(dir string) string {
	f.used[dir] = true
	return f.prefix + aliasOf(dir)
}

// core is the type that decides which operations a value allows: the underlying
// one, or that of every type a type parameter admits; nil if they differ in kind.
func core(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); !ok {
		return t.Underlying()
	}
	var found types.Type
	same := true
	var visit func(types.Type)
	visit = func(t types.Type) {
		switch u := t.(type) {
		case *types.Union:
			for i := range u.Len() {
				visit(u.Term(i).Type())
			}
			return
		case *types.Named, *types.Alias, *types.TypeParam:
			visit(t.Underlying())
			return
		case *types.Interface:
			for i := range u.NumEmbeddeds() {
				visit(u.EmbeddedType(i))
			}
			return
		}
		same = same && (found == nil || isChan(found) && isChan(t) || types.Identical(found, t))
		found = t
	}
	visit(t.Underlying())
	if !same {
		return nil
	}
	return found
}

func isChan(t types.Type) bool { _, ok := t.(*types.Chan); return ok }

func isMap(t types.Type) bool { _, ok := t.(*types.Map); return ok }

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}
