package instrument

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// spawn makes a go statement a task of the runtime. The function and its
// arguments are evaluated now, by the task that executes the statement:
//
//	{ f, a0 := x.method, y; Go(func() { f(a0) }) }
//
// The runtime gives other tasks a turn right after the new one exists: what
// follows may race with what it does first.
func (f *file) spawn(n *ast.GoStmt) []edit {
	call := n.Call
	start := f.use(taskDir) + ".Go("
	if lit, ok := call.Fun.(*ast.FuncLit); ok && len(call.Args) == 0 && lit.Type.Results == nil {
		edits := []edit{f.replace(n.Go, lit.Pos(), start)}
		edits = append(edits, f.edits(lit)...)
		return append(edits, f.replace(lit.End(), n.End(), ")"+f.settle(lit.End(), n.End())))
	}
	l := &lead{f: f, line: f.line(n.Go)}
	l.add("{ ")
	var inner []edit
	dropped := false
	if f.mustEvaluate(call.Fun) {
		dropped = f.line(call.Fun.Pos()) != f.line(call.Fun.End())
		name := f.prefix + "f"
		l.moved(name+" := ", call.Fun)
		l.add("; ")
		inner = append(inner, f.replace(call.Fun.Pos(), call.Fun.End(), name))
	} else {
		inner = append(inner, f.edits(call.Fun)...)
		inner = append(inner, f.builtin(call)...)
	}
	for i, a := range call.Args {
		if !f.mustEvaluate(a) {
			inner = append(inner, f.edits(a)...)
			continue
		}
		names := f.argument(l, call, i)
		inner = append(inner, f.replace(a.Pos(), a.End(), names))
		dropped = dropped || f.line(a.Pos()) != f.line(a.End())
	}
	l.back(n.Go)
	l.add(start + "func() { ")
	l.back(call.Pos())
	text := l.b.String() + splice(f.src, f.offset(call.Pos()), f.offset(call.End()), inner) + " }) }"
	if dropped {
		text += f.at(n.End())
	}
	return []edit{f.replace(n.Go, n.End(), text)}
}

// argument evaluates an argument of a go statement and returns the names of its
// values: several if it is a call with several results.
func (f *file) argument(l *lead, call *ast.CallExpr, i int) string {
	a := call.Args[i]
	name := f.prefix + "a" + strconv.Itoa(i)
	t := f.info.TypeOf(a)
	if tuple, ok := t.(*types.Tuple); ok {
		names := make([]string, tuple.Len())
		for k := range names {
			names[k] = f.prefix + "a" + strconv.Itoa(k)
		}
		name = strings.Join(names, ", ")
		l.moved(name+" := ", a)
		l.add("; ")
		return name
	}
	before, after := name+" := ", "; "
	if b, ok := t.(*types.Basic); ok && shifts(a) && b.Info()&types.IsInteger != 0 {
		before, after = before+b.Name()+"(", "); " // the constant's type was the parameter's
	}
	l.moved(before, a)
	l.add(after)
	if named, ok := types.Unalias(t).(*types.Named); ok && f.comparison(a) && !types.IsInterface(named) {
		return name + " == true" // untyped again, as the comparison was
	}
	return name
}

// mustEvaluate reports whether an expression may mean something else, or do
// something, if it is evaluated later. Functions, literals of functions and
// constants do not, and some of them have no type before the call gives them one.
func (f *file) mustEvaluate(e ast.Expr) bool {
	tv := f.info.Types[e]
	if tv.Value != nil || tv.IsNil() || tv.IsType() || tv.IsBuiltin() {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return false
	case *ast.Ident:
		return !f.isFunction(e)
	case *ast.SelectorExpr:
		if s, ok := f.info.Selections[e]; ok {
			return s.Kind() != types.MethodExpr
		}
		return !f.isFunction(e.Sel)
	case *ast.IndexExpr:
		return f.mustEvaluateGeneric(e.X)
	case *ast.IndexListExpr:
		return f.mustEvaluateGeneric(e.X)
	}
	return true
}

// mustEvaluateGeneric tells a function with type arguments from an element.
func (f *file) mustEvaluateGeneric(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return !f.isFunction(e)
	case *ast.SelectorExpr:
		return !f.isFunction(e.Sel) || f.info.Selections[e] != nil
	}
	return true
}

func (f *file) isFunction(id *ast.Ident) bool {
	_, ok := f.info.Uses[id].(*types.Func)
	return ok
}

// shifts reports whether an operand of an arithmetic expression is a shift,
// whose constant operand takes its type from where the value goes.
func shifts(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return e.Op == token.SHL || e.Op == token.SHR || shifts(e.X) || shifts(e.Y)
	case *ast.UnaryExpr:
		return shifts(e.X)
	}
	return false
}

// comparison reports whether an expression is an untyped boolean.
func (f *file) comparison(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return true
		case token.LAND, token.LOR:
			return f.untyped(e.X) && f.untyped(e.Y)
		}
	case *ast.UnaryExpr:
		return e.Op == token.NOT && f.untyped(e.X)
	}
	return false
}

// untyped also takes true and false, which become what they stand beside.
func (f *file) untyped(e ast.Expr) bool {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		o := f.info.Uses[id]
		return o == types.Universe.Lookup("true") || o == types.Universe.Lookup("false")
	}
	return f.comparison(e)
}
