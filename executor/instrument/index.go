package instrument

import (
	"go/ast"
	"go/types"
)

// index rewrites m[k], for a map whose keys may be addresses, to m[Note(k)]: addresses differ from run to run, and a range over the map orders
// its keys as they were first seen.
func (f *file) index(n *ast.IndexExpr) ([]edit, bool) {
	m, ok := core(f.info.TypeOf(n.X)).(*types.Map)
	if !ok || !addressed(m.Key()) || !addressed(f.info.TypeOf(n.Index)) {
		return nil, false
	}
	edits := append(f.edits(n.X), f.insert(n.Index.Pos(), f.use(mapsDir)+".Note("))
	edits = append(edits, f.edits(n.Index)...)
	return append(edits, f.insert(n.Index.End(), ")")), true
}

// addressed reports whether values of a type may be addresses, or have parts that are. Which types a type parameter stands for is not known.
func addressed(t types.Type) bool {
	switch u := core(t).(type) {
	case nil:
		return t != nil
	case *types.Pointer, *types.Chan:
		return true
	case *types.Interface:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Array:
		return addressed(u.Elem())
	case *types.Struct:
		for i := range u.NumFields() {
			if addressed(u.Field(i).Type()) {
				return true
			}
		}
	}
	return false
}

// sort notes that a call sorts the keys or values of a map: slices.Sorted(maps.Keys(m)). Their order before does not matter, and is no choice.
func (f *file) sort(n *ast.CallExpr) {
	if len(n.Args) != 1 || !f.calls(n, "slices", "Sorted") {
		return
	}
	if arg, ok := ast.Unparen(n.Args[0]).(*ast.CallExpr); ok && (f.calls(arg, "maps", "Keys") || f.calls(arg, "maps", "Values")) {
		f.sorted[ast.Unparen(arg.Fun).(*ast.SelectorExpr)] = true
	}
}
