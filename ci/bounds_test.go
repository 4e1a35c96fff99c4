package ci

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
	"testing"

	load "golang.org/x/tools/go/packages"

	"synchrony/generators/bounds"
)

// least is the smallest constant that counts as a bound: what is smaller is reached by any workload.
const least = 8

// TestBounds holds the list of the executors' bounds, around which workloads are drawn, to their sources: each
// constant and each conversion to a narrower type is listed, with the sizes that reach it or the reason why none does.
func TestBounds(t *testing.T) {
	listed := map[bounds.Bound]bool{}
	for _, b := range bounds.All() {
		if (b.Drawn == "") == (b.Why == "") {
			t.Errorf("%s: say by which cases it is reached, or why by none", b)
		}
		b.Drawn, b.Why = "", ""
		if listed[b] {
			t.Errorf("%s: listed twice", b)
		}
		listed[b] = true
	}
	for _, b := range hunt(t, "./executor/synchrony", "./executor/vm") {
		if !listed[b] {
			t.Errorf("not listed in generators/bounds/table.go: %s", b)
		}
		delete(listed, b)
	}
	for b := range listed {
		t.Errorf("listed in generators/bounds/table.go, and not in the sources: %s", b)
	}
}

// hunt lists the bounds in the sources of packages, in order, each once.
func hunt(t *testing.T, patterns ...string) []bounds.Bound {
	t.Helper()
	const need = load.NeedName | load.NeedFiles | load.NeedSyntax | load.NeedTypes | load.NeedTypesInfo | load.NeedImports | load.NeedDeps
	loaded, err := load.Load(&load.Config{Mode: need, Dir: ".."}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	var all []bounds.Bound
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors)
		}
		h := hunter{info: p.TypesInfo, of: strings.TrimPrefix(p.PkgPath, module), in: p.Types}
		for _, f := range p.Syntax {
			for _, d := range f.Decls {
				h.within = ""
				if fn, ok := d.(*ast.FuncDecl); ok {
					h.within = " in " + fn.Name.Name
				}
				ast.Inspect(d, h.visit)
			}
		}
		all = append(all, h.found...)
	}
	slices.SortFunc(all, func(a, b bounds.Bound) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(all)
}

// hunter lists the bounds of one package.
type hunter struct {
	info   *types.Info
	of     string
	in     *types.Package
	within string // " in " and the function that is being looked at; empty outside of functions
	found  []bounds.Bound
}

// visit adds what an expression or a declaration is a bound of: a constant once, where it is declared.
func (h *hunter) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		return !h.declared(n)
	case *ast.CallExpr:
		h.narrowed(n)
		return !strings.HasPrefix(types.ExprString(n.Fun), "strconv.") // a base, or a width
	case ast.Expr:
		if v := h.info.Types[n]; v.Value != nil {
			if name, ok := n.(*ast.Ident); !ok || h.info.Uses[name] == nil || h.info.Uses[name].Pkg() != h.in {
				h.constant(types.ExprString(n)+h.within, v.Type, v.Value)
			}
			return false
		}
	}
	return true
}

// declared adds the constants of a declaration; false if it is one of variables.
func (h *hunter) declared(n *ast.ValueSpec) bool {
	constants := false
	for _, name := range n.Names {
		if c, ok := h.info.Defs[name].(*types.Const); ok {
			constants = true
			h.constant("const "+name.Name, c.Type(), c.Val())
		}
	}
	return constants
}

// narrowed adds a conversion of a variable to an integer type that cannot hold all of its own: one for each pair of types.
func (h *hunter) narrowed(n *ast.CallExpr) {
	f := h.info.Types[n.Fun]
	if !f.IsType() || len(n.Args) != 1 || h.info.Types[n.Args[0]].Value != nil {
		return
	}
	to, _ := f.Type.Underlying().(*types.Basic)
	from, _ := h.info.Types[n.Args[0]].Type.Underlying().(*types.Basic)
	if to == nil || from == nil || to.Info()&from.Info()&types.IsInteger == 0 {
		return
	}
	sizes := types.SizesFor("gc", "amd64")
	if bits := 8 * sizes.Sizeof(to); bits < 8*sizes.Sizeof(from) {
		if to.Info()&types.IsUnsigned == 0 {
			bits--
		}
		h.found = append(h.found, bounds.Bound{Package: h.of, What: fmt.Sprintf("%s of %s", to, from), Value: 1 << bits})
	}
}

// constant adds an integer that is no letter and no member of an enumeration.
func (h *hunter) constant(what string, of types.Type, v constant.Value) {
	if v.Kind() != constant.Int || strings.HasPrefix(what, "'") {
		return
	}
	if named, ok := of.(*types.Named); ok && named.String() != "time.Duration" {
		return
	}
	if value, exact := constant.Int64Val(v); exact && value >= least {
		h.found = append(h.found, bounds.Bound{Package: h.of, What: what, Value: value})
	}
}
