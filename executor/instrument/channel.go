package instrument

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// send makes c <- v a call whose parameter has the channel's element type, so
// that v converts as it did.
func (f *file) send(n *ast.SendStmt) []edit {
	edits := []edit{f.insert(n.Pos(), f.use(channelDir)+".To(")}
	edits = append(edits, f.edits(n.Chan)...)
	edits = append(edits, f.replace(n.Chan.End(), n.Value.Pos(), ").Send("+f.newlines(n.Chan.End(), n.Value.Pos())))
	edits = append(edits, f.edits(n.Value)...)
	return append(edits, f.insert(n.End(), ")"))
}

func (f *file) receive(n *ast.UnaryExpr) []edit {
	if f.native[n] {
		return f.edits(n.X)
	}
	name := ".Recv("
	if f.two[n] {
		name = ".Recv2("
	}
	edits := []edit{f.replace(n.OpPos, n.X.Pos(), f.use(channelDir)+name+f.newlines(n.OpPos, n.X.Pos()))}
	edits = append(edits, f.edits(n.X)...)
	return append(edits, f.insert(n.End(), ")"))
}

// assignment notes a receive that is assigned with its second result.
//
// Go makes that an untyped boolean, the shim a bool. Where it goes to a variable
// of another boolean type, the statement becomes a select of one case, which can
// convert; where no statement may stand, as before the condition of an if, the
// receive stays native.
func (f *file) assignment(n *ast.AssignStmt) ([]edit, bool) {
	if len(n.Lhs) != 2 || len(n.Rhs) != 1 {
		return nil, false
	}
	u := f.twoResults(n.Rhs[0])
	if u == nil || !f.otherBoolean(n.Lhs[1]) {
		return nil, false
	}
	if !f.listed[n] {
		f.native[u] = true
		f.left(u.Pos(), "receive", "its second result is of type "+f.info.TypeOf(n.Lhs[1]).String()+": declare it as bool")
		return nil, false
	}
	channel, name := f.use(channelDir), f.prefix+"c0"
	edits := []edit{f.insert(n.Pos(), fmt.Sprintf("switch %s := %s.RecvCase(%s); %s.Select(false, %s) { default: ", name, channel, f.text(u.X), channel, name))}
	for _, e := range n.Lhs {
		edits = append(edits, f.edits(e)...)
	}
	end := f.replace(n.Rhs[0].Pos(), n.End(), name+".Value, "+name+".Ok == true }"+f.settle(n.Pos(), n.End()))
	return append(edits, end), true
}

// twoResults notes and returns a receive whose second result is wanted.
func (f *file) twoResults(value ast.Expr) *ast.UnaryExpr {
	u, ok := ast.Unparen(value).(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW {
		return nil
	}
	f.two[u] = true
	return u
}

// otherBoolean reports whether a bool cannot be assigned to a variable.
func (f *file) otherBoolean(to ast.Expr) bool {
	t := f.info.TypeOf(to)
	if t == nil || isBlank(to) || types.IsInterface(t) {
		return false
	}
	_, named := types.Unalias(t).(*types.Named)
	return named
}

// list notes which statements stand in a list of statements, where another
// statement may take their place.
func (f *file) list(stmts []ast.Stmt) {
	for _, s := range stmts {
		if l, ok := s.(*ast.LabeledStmt); ok {
			s = l.Stmt
		}
		f.listed[s] = true
	}
}

// builtin redirects close, and the length and capacity of channels. The length of one that can
// only be sent to stays native, which is right, but no place to switch tasks.
func (f *file) builtin(n *ast.CallExpr) []edit {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || len(n.Args) != 1 {
		return nil
	}
	if _, ok := f.info.Uses[id].(*types.Builtin); !ok {
		return nil
	}
	switch {
	case id.Name == "close":
		return []edit{f.replace(n.Fun.Pos(), n.Fun.End(), f.use(channelDir)+".Close")}
	case id.Name == "len" && canReceive(core(f.info.TypeOf(n.Args[0]))):
		return []edit{f.replace(n.Fun.Pos(), n.Fun.End(), f.use(channelDir)+".Len")}
	case id.Name == "cap" && canReceive(core(f.info.TypeOf(n.Args[0]))):
		return []edit{f.replace(n.Fun.Pos(), n.Fun.End(), f.use(channelDir)+".Cap")}
	}
	return nil
}

func canReceive(t types.Type) bool {
	c, ok := t.(*types.Chan)
	return ok && c.Dir() != types.SendOnly
}
