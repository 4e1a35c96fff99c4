package instrument

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// The types that stand in for those of sync and sync/atomic are larger. Code that pads its structs to a cache line, or asserts how large they
// are, counts on the others' sizes. Where it does so in the length of an array, or in a test, it gets the size that it counts on, which no
// memory is laid out by. Where it does so in a constant, which may end up anywhere, the package is left alone. In a function, sizes are the
// true ones: it may lay out memory by them.

// measure makes a call of unsafe.Sizeof and its like the size that it has without control, if that differs and no memory depends on it.
func (f *file) measure(n *ast.CallExpr) ([]edit, bool) {
	if !f.padding[n] && !strings.HasSuffix(f.name, "_test.go") || f.measured(n) == "" {
		return nil, false
	}
	value := f.info.Types[n].Value
	if f.ofVariable(n.Args[0]) { // which would not compile if it were used nowhere else
		return []edit{f.insert(n.Pos(), fmt.Sprintf("(uintptr(%s) + 0*", value.ExactString())), f.insert(n.End(), ")")}, true
	}
	if id, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr).X.(*ast.Ident); ok {
		f.redirect(id)
	}
	return []edit{f.replace(n.Pos(), n.End(), fmt.Sprintf("uintptr(%s)%s", value.ExactString(), f.newlines(n.Pos(), n.End())))}, true
}

// ofVariable reports whether an expression is a variable, or a field of one.
func (f *file) ofVariable(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := f.info.Uses[e].(*types.Var)
		return ok
	case *ast.SelectorExpr:
		return f.ofVariable(e.X)
	}
	return false
}

// pads notes the measurements in the length of an array.
func (f *file) pads(n *ast.ArrayType) {
	if n.Len == nil {
		return
	}
	ast.Inspect(n.Len, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			f.padding[c] = true
		}
		return true
	})
}

// measured is a type whose size differs under control, and that a constant call of unsafe.Sizeof or its like depends on; "" if there is none.
func (f *file) measured(n *ast.CallExpr) string {
	s, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok || len(n.Args) != 1 {
		return ""
	}
	b, ok := f.info.Uses[s.Sel].(*types.Builtin)
	if !ok || f.info.Types[n].Value == nil || f.info.Types[n].Value.Kind() != constant.Int {
		return ""
	}
	of := n.Args[0]
	switch b.Name() {
	case "Offsetof":
		field, ok := ast.Unparen(of).(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		of = field.X
	case "Sizeof", "Alignof":
	default:
		return ""
	}
	t := f.info.TypeOf(of)
	if p, ok := types.Unalias(t).(*types.Pointer); ok && b.Name() == "Offsetof" {
		t = p.Elem()
	}
	return f.lib.resized(t)
}

// resized names a type, part of the memory of values of t, whose stand-in has another size; "" if there is none.
func (lib *library) resized(t types.Type) string {
	switch u := types.Unalias(t).(type) {
	case *types.Named:
		if lib.redirects(u.Obj()) {
			return u.Obj().Pkg().Name() + "." + u.Obj().Name()
		}
		return lib.resized(u.Underlying())
	case *types.Array:
		return lib.resized(u.Elem())
	case *types.Struct:
		for v := range u.Fields() {
			if name := lib.resized(v.Type()); name != "" {
				return name
			}
		}
	}
	return ""
}

// fixedSize finds a constant, or a declaration of nothing but an assertion, that depends on the size of a type that differs under control.
func (f *file) fixedSize() (at token.Pos, name string) {
	for _, d := range f.syntax.Decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if g, ok := n.(*ast.GenDecl); ok {
				for _, s := range g.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && (g.Tok == token.CONST || isBlank(v.Names[0])) {
						at, name = f.fixedIn(v, at, name)
					}
				}
			}
			return name == ""
		})
	}
	return at, name
}

// fixedIn looks for a measurement in a declaration, but not in lengths of arrays, unless at and name have one already.
func (f *file) fixedIn(v *ast.ValueSpec, at token.Pos, name string) (token.Pos, string) {
	ast.Inspect(v, func(n ast.Node) bool {
		if a, ok := n.(*ast.ArrayType); ok && a.Len != nil {
			return false
		}
		if c, ok := n.(*ast.CallExpr); ok && name == "" {
			if name = f.measured(c); name != "" {
				at = c.Pos()
			}
		}
		return name == ""
	})
	return at, name
}
