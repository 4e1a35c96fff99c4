package batch

import "strconv"

func (t ParamType) String() string {
	if t == AmountParam {
		return "Amount"
	}
	return "Account"
}

var compareOps = [...]string{GTE: ">=", LTE: "<=", EQ: "==", NEQ: "!=", GT: ">", LT: "<"}

// String is the operator as written.
func (op CompareOp) String() string { return compareOps[op] }

var binaryOps = [...]string{Add: "+", Sub: "-", Mul: "*", Div: "/", Mod: "%"}

// FormatCond is the text of a condition of the intent, as the printer writes it
// and failures cite it: from.balance >= amount. The left side of an equation is
// the bare name: to == old_to + amount.
func FormatCond(in *Intent, c *Cond) string {
	left := FormatExpr(in, c.Left)
	if c.Op == EQ && c.Left.Kind == New {
		left = in.Params[c.Left.Param].Name
	}
	return left + " " + c.Op.String() + " " + FormatExpr(in, c.Right)
}

// FormatExpr is the text of an expression of the intent, with no more parentheses
// than it needs.
func FormatExpr(in *Intent, e *Expr) string { return string(appendExpr(nil, in, e, lowest)) }

// The binding strengths of operators, weakest first. The binary ones group to the
// left, so their right operand must bind more strongly than they do.
const (
	lowest = iota
	additive
	multiplicative
	unary
)

func (k ExprKind) precedence() int {
	switch k {
	case Add, Sub:
		return additive
	case Mul, Div, Mod:
		return multiplicative
	default:
		return unary
	}
}

// appendExpr appends the text of e, in parentheses if it binds more weakly than
// its place asks for.
func appendExpr(out []byte, in *Intent, e *Expr, place int) []byte {
	precedence := e.Kind.precedence()
	if precedence < place {
		out = append(out, '(')
		return append(appendExpr(out, in, e, lowest), ')')
	}
	switch e.Kind {
	case IntLit:
		return strconv.AppendInt(out, e.Int, 10)
	case Amount:
		return append(out, in.Params[e.Param].Name...)
	case Old:
		out = append(out, oldPrefix...)
		return append(out, in.Params[e.Param].Name...)
	case New:
		out = append(out, in.Params[e.Param].Name...)
		return append(out, ".balance"...)
	case Neg:
		out = append(out, '-')
		if e.Left.Kind == IntLit {
			// -5 is the literal; its negation is -(5).
			out = append(out, '(')
			return append(appendExpr(out, in, e.Left, lowest), ')')
		}
		return appendExpr(out, in, e.Left, unary)
	default:
		out = appendExpr(out, in, e.Left, precedence)
		out = append(out, ' ')
		out = append(out, binaryOps[e.Kind]...)
		out = append(out, ' ')
		return appendExpr(out, in, e.Right, precedence+1)
	}
}
