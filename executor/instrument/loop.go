package instrument

import (
	"go/ast"
	"go/token"
	"go/types"
)

// loop gives other tasks a turn in each iteration of a loop that waits for a
// variable to be changed by somebody else: without one it would spin for ever,
// for tasks share one thread of control.
func (f *file) loop(n *ast.ForStmt) ([]edit, bool) {
	if n.Post != nil || !f.waits(n) {
		return nil, false
	}
	yield := f.insert(n.Body.Lbrace+1, " "+f.use(runtimeDir)+".Gosched();")
	return append([]edit{yield}, f.within(n)...), true
}

// waits reports whether nothing in a loop can change what ends it: the body
// calls nothing, uses no channel, and assigns no variable that a condition reads.
func (f *file) waits(n *ast.ForStmt) bool {
	read := map[types.Object]bool{}
	conditions := []ast.Expr{n.Cond}
	busy := false
	var assigned []ast.Expr
	ast.Inspect(n.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			busy = busy || !f.info.Types[n.Fun].IsType() && !f.loads(n)
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
		return false
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
				return false
			}
		}
	}
	return exits
}

// loads reports whether a call reads an atomic value, as a waiting loop does.
func (f *file) loads(n *ast.CallExpr) bool {
	s, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := f.info.Uses[s.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "sync/atomic" && len(fn.Name()) >= 4 && fn.Name()[:4] == "Load"
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
