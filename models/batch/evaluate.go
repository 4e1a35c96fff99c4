package batch

import "math/big"

// evaluation is one call being evaluated by the specification.
type evaluation struct {
	batch    *Batch
	tx       int
	call     *Call
	balances []int64             // before the transaction
	written  map[AccountID]int64 // the new balances that are defined
}

// evaluateCall evaluates a transaction in text form on the balances and returns
// what it writes, or the first failure.
func evaluateCall(b *Batch, tx int, balances []int64) (map[AccountID]int64, *Failure) {
	call := b.Transactions[tx].Call
	e := &evaluation{batch: b, tx: tx, call: call, balances: balances}
	for i := range call.Intent.Guard {
		c := &call.Intent.Guard[i]
		ok, failure := e.holds(c)
		if failure != nil {
			return nil, failure
		}
		if !ok {
			return nil, b.GuardFailure(tx, c, e.term)
		}
	}
	if failure := e.define(); failure != nil {
		return nil, failure
	}
	for i := range call.Intent.Verify {
		c := &call.Intent.Verify[i]
		if _, defines := c.Defines(); defines {
			continue
		}
		ok, failure := e.holds(c)
		if failure != nil {
			return nil, failure
		}
		if !ok {
			return nil, b.PostconditionFailure(tx, c, e.term)
		}
	}
	return e.written, nil
}

// define evaluates all equations, and then checks that those for one account
// agree with the first for it.
func (e *evaluation) define() *Failure {
	type equation struct {
		cond    *Cond
		account AccountID
		value   int64
	}
	var equations []equation
	for i := range e.call.Intent.Verify {
		c := &e.call.Intent.Verify[i]
		if param, ok := c.Defines(); ok {
			value, failure := e.value(c.Right)
			if failure != nil {
				return failure
			}
			equations = append(equations, equation{c, e.call.Args[param].Account, value})
		}
	}
	e.written = map[AccountID]int64{}
	first := map[AccountID]equation{}
	for _, q := range equations {
		f, again := first[q.account]
		if again && f.value != q.value {
			return e.batch.ContradictionFailure(e.tx, f.cond, q.cond, f.value, q.value)
		}
		if !again {
			first[q.account] = q
			e.written[q.account] = q.value
		}
	}
	return nil
}

// holds evaluates a condition.
func (e *evaluation) holds(c *Cond) (bool, *Failure) {
	left, failure := e.value(c.Left)
	if failure != nil {
		return false, failure
	}
	right, failure := e.value(c.Right)
	if failure != nil {
		return false, failure
	}
	switch c.Op {
	case GTE:
		return left >= right, nil
	case LTE:
		return left <= right, nil
	case EQ:
		return left == right, nil
	case NEQ:
		return left != right, nil
	case GT:
		return left > right, nil
	default: // LT
		return left < right, nil
	}
}

// term is the value of a parameter term.
func (e *evaluation) term(t *Expr) int64 {
	arg := e.call.Args[t.Param]
	if t.Kind == Amount {
		return arg.Amount
	}
	if t.Kind == New {
		if value, ok := e.written[arg.Account]; ok {
			return value
		}
	}
	return e.balances[arg.Account]
}

// value evaluates an expression in unbounded integers, and fails at the first
// subexpression whose value is outside int64 or does not exist.
func (e *evaluation) value(x *Expr) (int64, *Failure) {
	switch x.Kind {
	case IntLit:
		return x.Int, nil
	case Amount, Old, New:
		return e.term(x), nil
	}
	left, failure := e.value(x.Left)
	if failure != nil {
		return 0, failure
	}
	if x.Kind == Neg {
		return e.inRange(x, new(big.Int).Neg(big.NewInt(left)))
	}
	right, failure := e.value(x.Right)
	if failure != nil {
		return 0, failure
	}
	l, r := big.NewInt(left), big.NewInt(right)
	switch x.Kind {
	case Add:
		return e.inRange(x, l.Add(l, r))
	case Sub:
		return e.inRange(x, l.Sub(l, r))
	case Mul:
		return e.inRange(x, l.Mul(l, r))
	}
	if right == 0 {
		return 0, e.batch.ArithmeticFailure(e.tx, x, DivisionByZero, e.term)
	}
	if x.Kind == Div {
		return e.inRange(x, l.Quo(l, r))
	}
	return e.inRange(x, l.Rem(l, r))
}

func (e *evaluation) inRange(x *Expr, value *big.Int) (int64, *Failure) {
	if !value.IsInt64() {
		return 0, e.batch.ArithmeticFailure(e.tx, x, Overflow, e.term)
	}
	return value.Int64(), nil
}
