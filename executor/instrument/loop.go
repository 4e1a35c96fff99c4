package instrument

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// loop gives other tasks a turn in each iteration of a loop that waits for a
// variable to be changed by somebody else: without one it would spin for ever,
// for tasks share one thread of control. Where nothing but that change tells one iteration from the next, the
// scheduler is told, and need not try how often it goes round in vain.
func (f *file) loop(n *ast.ForStmt) ([]edit, bool) {
	if n.Post != nil {
		return nil, false
	}
	waits, yields := f.waits(n)
	call := ".Gosched();"
	switch {
	case !waits:
		return nil, false
	case f.changesNothing(n):
		call = ".Spin();"
	case yields:
		return nil, false
	}
	turn := f.insert(n.Body.Lbrace+1, " "+f.use(runtimeDir)+call)
	return append([]edit{turn}, f.within(n)...), true
}

// changesNothing reports whether an iteration of a loop that waits leaves no trace: what it assigns is its own, and what its condition calls
// only looks, or changes nothing unless the loop ends.
func (f *file) changesNothing(n *ast.ForStmt) bool {
	pure := true
	ended := map[*ast.CallExpr]bool{} // those whose success ends the loop
	if n.Cond != nil {
		ast.Inspect(n.Cond, func(e ast.Node) bool {
			switch e := e.(type) {
			case *ast.CallExpr:
				pure = pure && (f.info.Types[e.Fun].IsType() || f.atomic(e, "Load") || ended[e])
			case *ast.UnaryExpr:
				if c, ok := ast.Unparen(e.X).(*ast.CallExpr); ok && e.Op == token.NOT && e == ast.Unparen(n.Cond) {
					ended[c] = f.atomic(c, "CompareAndSwap")
				}
				pure = pure && e.Op != token.ARROW
			case *ast.FuncLit:
				pure = false
			}
			return pure
		})
	}
	ast.Inspect(n.Body, func(e ast.Node) bool {
		switch e := e.(type) {
		case *ast.AssignStmt:
			for _, l := range e.Lhs {
				pure = pure && f.local(l, n.Body)
			}
		case *ast.IncDecStmt:
			pure = pure && f.local(e.X, n.Body)
		}
		return pure
	})
	return pure
}

// local reports whether an expression is a variable declared in a block, or none.
func (f *file) local(e ast.Expr, in *ast.BlockStmt) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	o := f.info.ObjectOf(id)
	return id.Name == "_" || o != nil && in.Pos() <= o.Pos() && o.Pos() < in.End()
}

// waits reports whether nothing in a loop can change what ends it: the body
// calls nothing but for letting others go first, uses no channel, and assigns no variable that a condition reads.
func (f *file) waits(n *ast.ForStmt) (waits, yields bool) {
	read := map[types.Object]bool{}
	conditions := []ast.Expr{n.Cond}
	busy := false
	var assigned []ast.Expr
	ast.Inspect(n.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			yield := f.calls(n, "runtime", "Gosched")
			yields = yields || yield
			busy = busy || !yield && !f.info.Types[n.Fun].IsType() && !f.atomic(n, "Load")
		case *ast.SendStmt, *ast.SelectStmt, *ast.GoStmt, *ast.DeferStmt, *ast.RangeStmt, *ast.FuncLit:
			busy = true
		case *ast.UnaryExpr:
			busy = busy || n.Op == token.ARROW
		case *ast.IfStmt:
			conditions = append(conditions, n.Cond)
		case *ast.SwitchStmt:
			conditions = append(conditions, n.Tag)
		case *ast.AssignStmt:
			assigned = append(assigned, n.Lhs...)
		case *ast.IncDecStmt:
			assigned = append(assigned, n.X)
		}
		return !busy
	})
	if busy {
		return false, false
	}
	exits := n.Cond != nil
	for _, c := range conditions {
		if c == nil {
			continue
		}
		exits = true
		f.variables(c, read)
	}
	for _, e := range assigned {
		changed := map[types.Object]bool{}
		f.variables(e, changed)
		for o := range changed {
			if read[o] {
				return false, false
			}
		}
	}
	return exits, yields
}

// atomic reports whether a call is of an operation on an atomic value, of a name that begins so.
func (f *file) atomic(n *ast.CallExpr, prefix string) bool { return f.calls(n, "sync/atomic", prefix) }

// calls reports whether a call is of a function or method of a package of the standard library, of a name that begins so.
func (f *file) calls(n *ast.CallExpr, pkg, prefix string) bool {
	s, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := f.info.Uses[s.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == pkg && strings.HasPrefix(fn.Name(), prefix)
}

func (f *file) variables(e ast.Expr, into map[types.Object]bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			o := f.info.Uses[id]
			if o == nil {
				o = f.info.Defs[id]
			}
			if v, ok := o.(*types.Var); ok {
				into[v] = true
			}
		}
		return true
	})
}
