package batch

// Intent is a declared operation: what must hold before, what the new balances
// are, and what must hold after.
type Intent struct {
	Name   string
	Params []Param
	Guard  []Cond
	Solve  []Hint
	Verify []Cond
}

// ParamType is the type of an intent's parameter.
type ParamType uint8

// The parameter types.
const (
	AccountParam ParamType = iota
	AmountParam
)

// Param is a parameter of an intent. Its name does not begin with "old_", which
// is how the language writes the balance before the transaction.
type Param struct {
	Name     string
	Type     ParamType
	Secret   bool
	External bool
}

// Hint is one entry of a solve block; it is kept and has no effect.
type Hint struct{ Name, Value string }

// CompareOp is a comparison.
type CompareOp uint8

// The comparisons.
const (
	GTE CompareOp = iota
	LTE
	EQ
	NEQ
	GT
	LT
)

// Cond is a comparison of two expressions. In a verify block, one whose Op is
// EQ, whose left side is a bare New term on an Account parameter, and whose right
// side has no New term defines that account's new balance (Defines reports it);
// the others are checked.
type Cond struct {
	Op          CompareOp
	Left, Right *Expr
}

// ExprKind is the kind of an [Expr].
type ExprKind uint8

// The expression kinds.
const (
	IntLit ExprKind = iota // Int
	Amount                 // Param: the value of an Amount parameter
	Old                    // Param: the balance before the transaction
	New                    // Param: the balance after the transaction; in a guard, the current one
	Neg                    // -Left
	Add                    // Left + Right
	Sub                    // Left - Right
	Mul                    // Left * Right
	Div                    // Left / Right, truncated; by zero is an error
	Mod                    // Left % Right, with the sign of Left; by zero is an error
)

// Expr is an integer expression over an intent's parameters. Arithmetic is
// checked: a result outside int64 fails the transaction. Operands are evaluated
// left before right, so the first subexpression that cannot be evaluated is the
// one that a failure names.
type Expr struct {
	Kind        ExprKind
	Int         int64
	Param       int // index in Intent.Params
	Left, Right *Expr
}

// MaxDepth bounds the height of an expression's tree, so that walking one by
// recursion is safe whatever the input.
const MaxDepth = 1000

// Defines reports whether c, as a condition of a verify block, defines the new
// balance of an account, and for which parameter.
func (c *Cond) Defines() (param int, ok bool) {
	if c.Op != EQ || c.Left.Kind != New || c.Right.mentionsNew() {
		return 0, false
	}
	return c.Left.Param, true
}

func (e *Expr) mentionsNew() bool {
	for t := range e.Terms {
		if t.Kind == New {
			return true
		}
	}
	return false
}

// Terms yields the parameter terms of e (Amount, Old and New) from left to right,
// repetitions included. It is an iterator: for t := range e.Terms.
func (e *Expr) Terms(yield func(*Expr) bool) { e.terms(yield) }

func (e *Expr) terms(yield func(*Expr) bool) bool {
	switch e.Kind {
	case IntLit:
		return true
	case Amount, Old, New:
		return yield(e)
	case Neg:
		return e.Left.terms(yield)
	default:
		return e.Left.terms(yield) && e.Right.terms(yield)
	}
}

// Terms yields the parameter terms of the left side, then of the right side.
func (c *Cond) Terms(yield func(*Expr) bool) { _ = c.Left.terms(yield) && c.Right.terms(yield) }

// TransferName is the name of the intent in the prelude.
const TransferName = "transfer"

// Transfer returns the prelude's intent, which every batch may call without
// declaring it, unless it declares another of that name:
//
//	intent transfer(from: Account, to: Account, amount: Amount) {
//	  guard { amount > 0; from.balance >= amount; }
//	  verify { from == old_from - amount; to == old_to + amount; }
//	}
func Transfer() *Intent {
	const from, to, amount = 0, 1, 2
	a := func() *Expr { return &Expr{Kind: Amount, Param: amount} }
	at := func(kind ExprKind, param int) *Expr { return &Expr{Kind: kind, Param: param} }
	return &Intent{
		Name: TransferName,
		Params: []Param{
			{Name: "from", Type: AccountParam},
			{Name: "to", Type: AccountParam},
			{Name: "amount", Type: AmountParam},
		},
		Guard: []Cond{
			{Op: GT, Left: a(), Right: &Expr{Kind: IntLit}},
			{Op: GTE, Left: at(New, from), Right: a()},
		},
		Verify: []Cond{
			{Op: EQ, Left: at(New, from), Right: &Expr{Kind: Sub, Left: at(Old, from), Right: a()}},
			{Op: EQ, Left: at(New, to), Right: &Expr{Kind: Add, Left: at(Old, to), Right: a()}},
		},
	}
}
