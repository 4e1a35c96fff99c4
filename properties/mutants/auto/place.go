package auto

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// place is where an operator looks: a node, with what surrounds it.
type place struct {
	file     *file
	info     *types.Info
	function string
	operator string
	stack    []ast.Node // around the node, outermost first
	found    []*Mutant
}

// offset is a position in the file's text.
func (p *place) offset(pos token.Pos) int { return p.file.pkg.Fset.Position(pos).Offset }

// text is a node as it is written.
func (p *place) text(n ast.Node) string {
	return string(p.file.text[p.offset(n.Pos()):p.offset(n.End())])
}

// add adds a mutant that changes at what original says. The edits may come in any order.
func (p *place) add(at ast.Node, original, changed string, edits ...edit) {
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	p.found = append(p.found, &Mutant{
		Path: p.file.path, Line: p.file.pkg.Fset.Position(at.Pos()).Line, Operator: p.operator, Function: p.function,
		Original: oneLine(original), Changed: oneLine(changed), source: p.file.text, edits: edits,
	})
}

// replace adds a mutant that has other text in a node's place.
func (p *place) replace(n ast.Node, changed string) {
	p.add(n, p.text(n), changed, p.edit(n, changed))
}

func (p *place) edit(n ast.Node, text string) edit {
	return edit{p.offset(n.Pos()), p.offset(n.End()), text}
}

// insertAfter puts text on a line of its own behind a statement.
func (p *place) insertAfter(n ast.Node, text string) edit {
	at := p.offset(n.End())
	return edit{at, at, "\n" + p.indent(n) + text}
}

// indent is the white space before a statement.
func (p *place) indent(n ast.Node) string {
	at := p.offset(n.Pos())
	from := at
	for from > 0 && (p.file.text[from-1] == '\t' || p.file.text[from-1] == ' ') {
		from--
	}
	return string(p.file.text[from:at])
}

// statements is the list of statements that a node has, if it has one.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// inList returns the list that has the statement around a node, and its index there.
func (p *place) inList(n ast.Node) ([]ast.Stmt, int) {
	child := n
	for i := len(p.stack) - 1; i >= 0; i-- {
		list := statements(p.stack[i])
		if at := slices.IndexFunc(list, func(s ast.Stmt) bool { return s == child }); at >= 0 {
			return list, at
		}
		child = p.stack[i]
	}
	return nil, -1
}

// parent is the node directly around the one looked at.
func (p *place) parent() ast.Node {
	if len(p.stack) == 0 {
		return nil
	}
	return p.stack[len(p.stack)-1]
}

// method is a call of a method by a statement or an expression.
type method struct {
	call     *ast.CallExpr
	receiver ast.Expr
	name     string
	of       string // the receiver's type, with its package: "sched.Mutex"
}

// methodCall takes n for a method call, or a statement that is one, deferred or not.
func (p *place) methodCall(n ast.Node) (m method, deferred, ok bool) {
	switch s := n.(type) {
	case *ast.ExprStmt:
		n = s.X
	case *ast.DeferStmt:
		n, deferred = s.Call, true
	}
	call, isCall := n.(*ast.CallExpr)
	if !isCall {
		return method{}, false, false
	}
	sel, isSel := call.Fun.(*ast.SelectorExpr)
	if !isSel {
		return method{}, false, false
	}
	s := p.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return method{}, false, false
	}
	return method{call, sel.X, sel.Sel.Name, typeName(s.Recv())}, deferred, true
}

// calls reports whether n is a call of one of the methods of one of the types.
func (p *place) calls(n ast.Node, of, names []string) (m method, deferred, ok bool) {
	m, deferred, ok = p.methodCall(n)
	return m, deferred, ok && slices.Contains(of, m.of) && slices.Contains(names, m.name)
}

// typeName is a named type, or what a pointer to one points to, with its package's name.
func typeName(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	if n.Obj().Pkg() == nil {
		return n.Obj().Name()
	}
	return n.Obj().Pkg().Name() + "." + n.Obj().Name()
}

// function is the package function that n calls, with its package: "slices.Clone".
func (p *place) packageCall(n ast.Node) (*ast.CallExpr, string) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil, ""
	}
	fun := call.Fun
	if x, ok := fun.(*ast.IndexExpr); ok { // of a generic one
		fun = x.X
	}
	switch f := fun.(type) {
	case *ast.Ident:
		if b, ok := p.info.Uses[f].(*types.Builtin); ok {
			return call, b.Name()
		}
	case *ast.SelectorExpr:
		if obj, ok := p.info.Uses[f.Sel].(*types.Func); ok && obj.Pkg() != nil && obj.Signature().Recv() == nil {
			return call, obj.Pkg().Name() + "." + obj.Name()
		}
	}
	return nil, ""
}

// arguments are a call's arguments as they are written.
func (p *place) arguments(call *ast.CallExpr) []string {
	var list []string
	for _, a := range call.Args {
		list = append(list, p.text(a))
	}
	return list
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// negated is the negation of a condition.
func negated(cond string) string { return "!(" + cond + ")" }

// mentions reports whether a node has a part of which holds is true.
func mentions(n ast.Node, holds func(ast.Node) bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		found = found || n != nil && holds(n)
		return !found
	})
	return found
}

// words joins arguments.
func words(list []string) string { return strings.Join(list, ", ") }
