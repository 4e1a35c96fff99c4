package auto

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

func condNegate(p *place, n ast.Node) {
	switch s := n.(type) {
	case *ast.IfStmt:
		p.replace(s.Cond, negated(p.text(s.Cond)))
	case *ast.ForStmt:
		if s.Cond != nil {
			p.replace(s.Cond, negated(p.text(s.Cond)))
		}
	case *ast.CaseClause:
		for _, x := range s.List {
			if tv := p.info.Types[x]; tv.Value == nil && tv.Type != nil && !tv.IsType() && isBool(tv.Type) {
				p.replace(x, negated(p.text(x)))
			}
		}
	}
}

// exchange adds the mutant with another operator, if the table has one.
func (p *place) exchange(x *ast.BinaryExpr, table map[token.Token]token.Token) {
	other, ok := table[x.Op]
	if !ok {
		return
	}
	at := p.offset(x.OpPos)
	p.add(x, p.text(x), p.text(x.X)+" "+other.String()+" "+p.text(x.Y), edit{at, at + len(x.Op.String()), other.String()})
}

var (
	relations = map[token.Token]token.Token{
		token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
		token.EQL: token.NEQ, token.NEQ: token.EQL,
	}
	logic    = map[token.Token]token.Token{token.LAND: token.LOR, token.LOR: token.LAND}
	opposite = map[token.Token]token.Token{
		token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL,
		token.AND: token.OR, token.OR: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
		token.XOR: token.AND, token.AND_NOT: token.AND,
	}
	oppositeAssign = map[token.Token]token.Token{
		token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN, token.MUL_ASSIGN: token.QUO_ASSIGN,
		token.OR_ASSIGN: token.AND_ASSIGN, token.AND_ASSIGN: token.OR_ASSIGN, token.AND_NOT_ASSIGN: token.AND_ASSIGN,
	}
)

// relSwap leaves equalities that are a whole condition to condNegate, which does the same.
func relSwap(p *place, n ast.Node) {
	x, ok := n.(*ast.BinaryExpr)
	if !ok {
		return
	}
	if x.Op == token.EQL || x.Op == token.NEQ {
		switch s := p.parent().(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.CaseClause:
			return
		case *ast.BinaryExpr:
			if s.Op != token.LAND && s.Op != token.LOR {
				return
			}
		}
	}
	p.exchange(x, relations)
}

func logicSwap(p *place, n ast.Node) {
	if x, ok := n.(*ast.BinaryExpr); ok {
		p.exchange(x, logic)
	}
}

func arithSwap(p *place, n ast.Node) {
	switch x := n.(type) {
	case *ast.BinaryExpr:
		if tv := p.info.Types[x]; tv.Value == nil && tv.Type != nil && isNumber(tv.Type) {
			p.exchange(x, opposite)
		}
	case *ast.AssignStmt:
		if other, ok := oppositeAssign[x.Tok]; ok && isNumber(p.info.TypeOf(x.Lhs[0])) {
			at := p.offset(x.TokPos)
			p.add(x, p.text(x), p.text(x.Lhs[0])+" "+other.String()+" "+p.text(x.Rhs[0]), edit{at, at + len(x.Tok.String()), other.String()})
		}
	case *ast.IncDecStmt:
		other := token.DEC
		if x.Tok == token.DEC {
			other = token.INC
		}
		p.replace(x, p.text(x.X)+other.String())
	}
}

// stmtDelete leaves to the operators of concurrency what is theirs: without its Lock alone, or
// its Unlock, code fails at once, and without its Yield it does the same. Nor does it delete
// log messages, which no verdict is about (arid code: Petrović, Ivanković, State of
// Mutation Testing at Google, ICSE-SEIP 2018, section 4).
func stmtDelete(p *place, n ast.Node) {
	for _, s := range statements(n) {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				p.replace(s, "")
			}
		case *ast.IncDecStmt, *ast.DeferStmt:
			if !p.ofConcurrency(s) {
				p.replace(s, "")
			}
		case *ast.ExprStmt:
			if _, f := p.packageCall(s.X); f == "panic" || f == "copy" {
				continue
			}
			if !p.ofConcurrency(s) {
				p.replace(s, "")
			}
		}
	}
}

// ofConcurrency reports whether a statement is a call that another operator deals with, or
// none needs to.
func (p *place) ofConcurrency(s ast.Stmt) bool {
	m, _, ok := p.methodCall(s)
	if !ok {
		return false
	}
	switch m.of {
	case "sched.Mutex", "sync.Mutex", "sync.RWMutex", "sched.Cond", "sync.Cond":
		return true
	case "sched.WaitGroup", "sync.WaitGroup":
		return m.name == "Done" || m.name == "Wait"
	case "sched.Runtime":
		return m.name == "Yield" || m.name == "Spin"
	}
	return m.name == "log"
}

func constOff(p *place, n ast.Node) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.INT {
		return
	}
	v, exact := constant.Int64Val(constant.MakeFromLiteral(lit.Value, lit.Kind, 0))
	if !exact {
		return
	}
	for _, changed := range []int64{v + 1, v - 1} {
		p.add(lit, p.around(lit), strconv.FormatInt(changed, 10), p.edit(lit, strconv.FormatInt(changed, 10)))
	}
}

// around is a constant with the expression or statement that it is part of, which tells
// a reader, and a key, which of many equal constants it is.
func (p *place) around(n ast.Node) string {
	switch parent := p.parent().(type) {
	case ast.Expr:
		return p.text(n) + " in " + p.text(parent)
	case *ast.AssignStmt, *ast.ReturnStmt:
		return p.text(n) + " in " + p.text(parent)
	}
	return p.text(n)
}

func boolFlip(p *place, n ast.Node) {
	id, ok := n.(*ast.Ident)
	if !ok {
		return
	}
	c, ok := p.info.Uses[id].(*types.Const)
	if !ok || c.Pkg() != nil { // of the universe
		return
	}
	flipped := map[string]string{"true": "false", "false": "true"}[id.Name]
	if flipped != "" {
		p.add(id, p.around(id), flipped, p.edit(id, flipped))
	}
}

func jumpDrop(p *place, n ast.Node) {
	switch s := n.(type) {
	case *ast.BranchStmt:
		if s.Tok == token.BREAK || s.Tok == token.CONTINUE {
			p.add(s, p.text(s)+" in "+p.condition(), "", p.edit(s, ""))
		}
	case *ast.ReturnStmt:
		if len(p.stack) > 1 { // not the function's last
			p.add(s, p.text(s)+" in "+p.condition(), "", p.edit(s, ""))
		}
	}
}

// condition is what the statement looked at depends on, for its key.
func (p *place) condition() string {
	for i := len(p.stack) - 1; i >= 0; i-- {
		switch s := p.stack[i].(type) {
		case *ast.IfStmt:
			return "if " + p.text(s.Cond)
		case *ast.CaseClause:
			if len(s.List) == 0 {
				return "default"
			}
			return "case " + p.text(s.List[0])
		}
	}
	return "a block"
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func errorDrop(p *place, n ast.Node) {
	s, ok := n.(*ast.ReturnStmt)
	if !ok || len(s.Results) == 0 {
		return
	}
	last := s.Results[len(s.Results)-1]
	t := p.info.TypeOf(last)
	if t == nil || !types.Implements(t, errorType) || p.info.Types[last].IsNil() {
		return
	}
	switch t.Underlying().(type) {
	case *types.Interface, *types.Pointer:
		p.add(s, p.text(s), "nil", p.edit(last, "nil"))
	}
}
