package batch

import (
	"slices"
	"strings"
)

// conds parses a guard or verify block.
func (p *parser) conds(in *Intent, conds *[]Cond) bool {
	p.advance()
	if !p.expect("{") {
		return false
	}
	e := exprParser{parser: p, in: in}
	for !p.accept("}") {
		if p.token.kind == endOfFile {
			return p.missing(p.token, "a condition", `"}"`)
		}
		depth := p.depth
		if c, ok := e.cond(); ok {
			*conds = append(*conds, c)
			continue
		}
		p.skipTo(depth, ";")
		if p.depth < depth || p.tooMany() {
			return false
		}
		p.accept(";")
	}
	return true
}

// exprParser parses the expressions of one block of an intent. Its methods return
// with an expression its height, which MaxDepth bounds.
type exprParser struct {
	*parser
	in   *Intent
	nest int // parentheses and signs open
}

func (p *exprParser) cond() (Cond, bool) {
	p.nest = 0
	left, _, ok := p.expr()
	if !ok {
		return Cond{}, false
	}
	op := slices.IndexFunc(compareOps[:], p.token.is)
	if op < 0 {
		p.missing(p.token, "an operator", "a comparison (>=, <=, ==, !=, >, <)")
		if p.token.text == "=" {
			p.addHint(`equality is "=="`)
		}
		return Cond{}, false
	}
	p.advance()
	right, _, ok := p.expr()
	if !ok || !p.expect(";", "an operator") {
		return Cond{}, false
	}
	return Cond{Op: CompareOp(op), Left: left, Right: right}, true
}

func (p *exprParser) expr() (*Expr, int, bool) { return p.binary(additive) }

// binary parses operands joined by operators of one precedence, which group to
// the left.
func (p *exprParser) binary(precedence int) (*Expr, int, bool) {
	if precedence == unary {
		return p.factor()
	}
	left, height, ok := p.binary(precedence + 1)
	for ok {
		kind, is := operator(p.token, precedence)
		if !is {
			break
		}
		at := p.advance()
		right, h, good := p.binary(precedence + 1)
		if !good {
			return nil, 0, false
		}
		left, height = &Expr{Kind: kind, Left: left, Right: right}, max(height, h)+1
		ok = p.fits(at, height)
	}
	return left, height, ok
}

func operator(t token, precedence int) (ExprKind, bool) {
	for kind := Add; kind <= Mod; kind++ {
		if kind.precedence() == precedence && t.is(binaryOps[kind]) {
			return kind, true
		}
	}
	return 0, false
}

// fits reports an expression that is too deep for walking it by recursion.
func (p *exprParser) fits(at token, height int) bool {
	if height <= MaxDepth {
		return true
	}
	p.broken = true
	return p.wrong(at, "the expression is nested too deeply; split it into several conditions")
}

func (p *exprParser) factor() (*Expr, int, bool) {
	p.nest++
	defer func() { p.nest-- }()
	if !p.fits(p.token, p.nest-1) { // -(5) has one level more than its tree
		return nil, 0, false
	}
	switch t := p.token; {
	case t.is("-"):
		p.advance()
		if p.token.kind == numberToken {
			return p.literal(t, "-")
		}
		operand, height, ok := p.factor()
		return &Expr{Kind: Neg, Left: operand}, height + 1, ok && p.fits(t, height+1)
	case t.is("("):
		p.advance()
		e, height, ok := p.expr()
		return e, height, ok && p.expect(")", "an operator")
	case t.kind == numberToken:
		return p.literal(t, "")
	case t.kind == nameToken:
		e, ok := p.term()
		return e, 1, ok
	default:
		return nil, 0, p.missing(t, "an expression")
	}
}

// literal takes the sign in, for the least int64 has no positive counterpart.
func (p *exprParser) literal(first token, sign string) (*Expr, int, bool) {
	number := p.advance()
	n, ok := p.parseInt(first, number, sign+number.text)
	return &Expr{Kind: IntLit, Int: n}, 1, ok
}

// term parses the name of an amount or a balance.
func (p *exprParser) term() (*Expr, bool) {
	name := p.advance()
	dot := p.token
	balance := p.accept(".")
	if balance && !p.expect("balance") {
		return nil, false
	}
	if i := p.param(name.text); i >= 0 {
		if p.in.Params[i].Type == AccountParam {
			return &Expr{Kind: New, Param: i}, true
		}
		if balance {
			p.wrong(dot, quote(name.text)+" is an Amount, which has no balance")
		}
		return &Expr{Kind: Amount, Param: i}, true
	}
	if account, ok := strings.CutPrefix(name.text, oldPrefix); ok {
		if i := p.param(account); i >= 0 {
			return p.old(name, dot, i, balance), true
		}
	}
	message := "unknown name " + quote(name.text) + " in intent " + quote(p.in.Name)
	p.wrong(name, message+suggest(name.text, p.names))
	return &Expr{Kind: IntLit}, true
}

// old makes the balance before the transaction of parameter i.
func (p *exprParser) old(name, dot token, i int, balance bool) *Expr {
	if p.in.Params[i].Type == AmountParam {
		p.wrong(name, quote(p.in.Params[i].Name)+" is an Amount, which does not change; write it without old_")
		return &Expr{Kind: IntLit}
	}
	if balance {
		p.wrong(dot, quote(name.text)+" is a balance already; write it without .balance")
	}
	return &Expr{Kind: Old, Param: i}
}

func (p *exprParser) param(name string) int {
	return slices.IndexFunc(p.in.Params, func(q Param) bool { return q.Name == name })
}

// names yields what an expression may mention.
func (p *exprParser) names(yield func(string) bool) {
	for _, q := range p.in.Params {
		if !yield(q.Name) || q.Type == AccountParam && !yield(oldPrefix+q.Name) {
			return
		}
	}
}
