package instrument

import (
	"go/ast"
	"go/token"
)

// iterate rewrites a range over a channel or a map to
//
//	for it, k, v := Range(m); it.Next(&k, &v); {
//
// The variables are those of the for statement, so each iteration has its own
// exactly where the file's language version says so. The keys of a map come in
// an order that is the same in every run, and that matters little where no variable
// shows it.
func (f *file) iterate(n *ast.RangeStmt) ([]edit, bool) {
	dir, function := "", ".Range("
	var targets []ast.Expr
	switch t := core(f.info.TypeOf(n.X)); {
	case isChan(t):
		dir, targets = channelDir, []ast.Expr{n.Key}
	case isMap(t):
		dir, targets = mapsDir, []ast.Expr{n.Key, n.Value}
	default:
		return nil, false
	}
	if isMap(core(f.info.TypeOf(n.X))) && unused(n.Key) && unused(n.Value) {
		function = ".Times("
	}
	it := f.prefix + "it"
	head, next, assign, values := "for "+it, "", "", ""
	for i, e := range targets {
		name, address := "_", "nil"
		switch {
		case unused(e):
		case n.Tok == token.DEFINE:
			name = f.source(e.Pos(), e.End())
			address = "&" + name
		default:
			name = f.prefix + string("kv"[i])
			address = "&" + name
			assign, values = join(assign, f.text(e)), join(values, name)
		}
		head += ", " + name
		next = join(next, address)
	}
	head += " := " + f.use(dir) + function + f.newlines(n.For, n.X.Pos())
	edits := []edit{f.replace(n.For, n.X.Pos(), head)}
	edits = append(edits, f.edits(n.X)...)
	edits = append(edits, f.replace(n.X.End(), n.Body.Lbrace, "); "+it+".Next("+next+"); "+f.settle(n.X.End(), n.Body.Lbrace)))
	if assign != "" {
		edits = append(edits, f.insert(n.Body.Lbrace+1, " "+assign+" = "+values+";"))
	}
	return append(edits, f.edits(n.Body)...), true
}

// unused reports whether a range does not set a variable.
func unused(e ast.Expr) bool { return e == nil || isBlank(e) }

func join(list, item string) string {
	if list == "" {
		return item
	}
	return list + ", " + item
}
