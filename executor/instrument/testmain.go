package instrument

import (
	"go/ast"
	"go/types"
)

const (
	mainReason   = "what it does after Run is not judged, though it may change the exit code"
	handedReason = "it hands its M to a function; what that does after Run is not judged, though it may change the exit code"
)

// mainFunction lists a TestMain that does more after Run than to exit with what Run returns: under control, Run serves many runs, and what
// comes after them is no part of any.
func (f *file) mainFunction(d *ast.FuncDecl) {
	m := f.parameter(d)
	if m == nil {
		return
	}
	if at := f.handedTo(d.Body, m); at != nil {
		f.left(at.Pos(), "TestMain", handedReason)
		return
	}
	ran := false
	for _, s := range d.Body.List {
		_, deferred := s.(*ast.DeferStmt)
		runs := f.uses(s, m)
		if deferred || ran && !f.onlyExits(s) || runs && f.doesMore(s, m) {
			f.left(s.Pos(), "TestMain", mainReason)
			return
		}
		ran = ran || runs
	}
}

// doesMore reports whether a statement that calls Run calls other functions than that and os.Exit, as the body of an if may.
func (f *file) doesMore(s ast.Stmt, m types.Object) (more bool) {
	switch s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.DeclStmt:
		return false
	}
	ast.Inspect(s, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			fun, ok := call.Fun.(*ast.SelectorExpr)
			more = more || !ok || !f.uses(fun.X, m) && !f.isExit(fun)
		}
		return !more
	})
	return more
}

// isExit reports whether a selector is os.Exit.
func (f *file) isExit(s *ast.SelectorExpr) bool {
	fn, ok := f.info.Uses[s.Sel].(*types.Func)
	return ok && fn.FullName() == "os.Exit"
}

// parameter is the parameter of a TestMain; nil if it has no name.
func (f *file) parameter(d *ast.FuncDecl) types.Object {
	names := d.Type.Params.List[0].Names
	if d.Body == nil || len(names) == 0 {
		return nil
	}
	return f.info.Defs[names[0]]
}

// handedTo finds where the object is used but to call a method of it.
func (f *file) handedTo(body ast.Node, m types.Object) (at ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && f.info.Uses[id] == m {
				return false
			}
		}
		if id, ok := n.(*ast.Ident); ok && at == nil && f.info.Uses[id] == m {
			at = id
		}
		return true
	})
	return at
}

// uses reports whether a node names the object.
func (f *file) uses(n ast.Node, o types.Object) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && f.info.Uses[id] == o
		return !found
	})
	return found
}

// onlyExits reports whether a statement is a return, or os.Exit of a variable.
func (f *file) onlyExits(s ast.Stmt) bool {
	if _, ok := s.(*ast.ReturnStmt); ok {
		return true
	}
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	_, variable := call.Args[0].(*ast.Ident)
	return ok && variable && f.isExit(fun)
}
