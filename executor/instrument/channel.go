package instrument

import (
	"go/ast"
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
	name := ".Recv("
	if f.two[n] {
		name = ".Recv2("
	}
	edits := []edit{f.replace(n.OpPos, n.X.Pos(), f.use(channelDir)+name+f.newlines(n.OpPos, n.X.Pos()))}
	edits = append(edits, f.edits(n.X)...)
	return append(edits, f.insert(n.End(), ")"))
}

// twoResults notes that a receive is assigned with its second result, which Go
// makes an untyped boolean and the shim a bool.
func (f *file) twoResults(value, ok ast.Expr) {
	u, isUnary := ast.Unparen(value).(*ast.UnaryExpr)
	if !isUnary {
		return
	}
	f.two[u] = true
	t := f.info.TypeOf(ok)
	if t == nil || isBlank(ok) {
		return
	}
	if _, named := types.Unalias(t).(*types.Named); named && !types.IsInterface(t) {
		f.left(ok.Pos(), "receive", "its second result has type "+t.String()+": declare it as bool")
	}
}

// builtin redirects close and the length of channels. The length of one that can
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
	}
	return nil
}

func canReceive(t types.Type) bool {
	c, ok := t.(*types.Chan)
	return ok && c.Dir() != types.SendOnly
}
