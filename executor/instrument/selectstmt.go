package instrument

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// choose makes a select a switch over the index of the case that the runtime
// took:
//
//	switch c0, c1 := RecvCase(a), To(b).Case(x); Select(false, c0, c1) {
//
// A switch gives break and labels the same meaning. Without a default the last
// case becomes it: a select without one ends a function, and so must the switch.
func (f *file) choose(n *ast.SelectStmt) []edit {
	channel := f.use(channelDir)
	clauses := n.Body.List
	if len(clauses) == 0 {
		return []edit{f.replace(n.Pos(), n.End(), "for { "+channel+".Select(false) }"+f.settle(n.Pos(), n.End()))}
	}
	hasDefault := false
	var names []string
	for _, c := range clauses {
		if c.(*ast.CommClause).Comm == nil {
			hasDefault = true
		} else {
			names = append(names, f.prefix+"c"+strconv.Itoa(len(names)))
		}
	}
	edits := []edit{f.replace(n.Pos(), n.Body.Lbrace, f.selectHead(n, hasDefault, names))}
	index := 0
	for i, c := range clauses {
		clause := c.(*ast.CommClause)
		if clause.Comm != nil {
			head := "case " + strconv.Itoa(index) + ":"
			if !hasDefault && i == len(clauses)-1 {
				head = "default:"
			}
			head += f.received(clause.Comm, names[index])
			head += f.newlines(clause.Case, clause.Colon)
			edits = append(edits, f.replace(clause.Case, clause.Colon+1, head))
			index++
		}
		f.list(clause.Body)
		for _, s := range clause.Body {
			edits = append(edits, f.edits(s)...)
		}
	}
	return edits
}

// selectHead evaluates the operands of all cases in source order, then selects.
func (f *file) selectHead(n *ast.SelectStmt, hasDefault bool, names []string) string {
	channel := f.use(channelDir)
	l := &lead{f: f, line: f.line(n.Pos())}
	l.add("switch ")
	if len(names) > 0 {
		l.add(strings.Join(names, ", ") + " := ")
	}
	first := true
	for _, c := range n.Body.List {
		comm := c.(*ast.CommClause).Comm
		if comm == nil {
			continue
		}
		if !first {
			l.add(", ")
		}
		first = false
		if s, ok := comm.(*ast.SendStmt); ok {
			l.moved(channel+".To(", s.Chan)
			l.moved(").Case(", s.Value)
		} else {
			l.moved(channel+".RecvCase(", receiveOf(comm).X)
		}
		l.add(")")
	}
	if len(names) > 0 {
		l.add("; ")
	}
	l.back(n.Pos())
	l.add(fmt.Sprintf("%s.Select(%s) ", channel, strings.Join(append([]string{strconv.FormatBool(hasDefault)}, names...), ", ")))
	l.back(n.Body.Lbrace)
	return l.b.String()
}

// received assigns what a case has received, if it does.
func (f *file) received(comm ast.Stmt, name string) string {
	s, ok := comm.(*ast.AssignStmt)
	if !ok {
		return ""
	}
	to := make([]string, len(s.Lhs))
	blank := true
	for i, e := range s.Lhs {
		to[i] = f.text(e)
		blank = blank && isBlank(e)
	}
	if blank {
		return ""
	}
	values := []string{name + ".Value", name + ".Ok"}
	if s.Tok == token.ASSIGN && len(to) == 2 {
		values[1] += " == true" // untyped again
	}
	return " " + strings.Join(to, ", ") + " " + s.Tok.String() + " " + strings.Join(values[:len(to)], ", ") + ";"
}

// receiveOf is the receive operation of a case that does not send.
func receiveOf(comm ast.Stmt) *ast.UnaryExpr {
	var e ast.Expr
	switch s := comm.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	return ast.Unparen(e).(*ast.UnaryExpr)
}

// settle returns to the place of to if lines between from and to were dropped.
func (f *file) settle(from, to token.Pos) string {
	if f.line(from) == f.line(to) {
		return ""
	}
	return f.at(to)
}
