package batches

import (
	"fmt"
	"math"

	"synchrony/models/batch"
)

// evaluation computes what a call does, given the balances before it. It is
// written apart from the specification in models/batch on purpose: generated
// batches and the Go forms of text batches are a second opinion on the language.
type evaluation struct {
	call    *batch.Call
	old     func(batch.AccountID) int64
	effects []effect
	first   *RuleError // that is broken; nil if none is
}

// effect is one account's new balance.
type effect struct {
	account batch.AccountID
	value   int64
}

// RuleError is the first rule that a call breaks. The functions of [GoForm] return
// it where the text form fails with a [batch.Failure] of that kind.
type RuleError struct {
	Kind batch.FailureKind
	What string
}

func (b *RuleError) Error() string { return b.What }

// evaluate returns the new balances of the accounts that the call writes, or the
// rule that it breaks. It asks old only for accounts whose balance before the
// call is mentioned. Conservation is not judged: see conserves.
func evaluate(c *batch.Call, old func(batch.AccountID) int64) ([]effect, *RuleError) {
	return evaluateFrom(0, c, old)
}

// evaluateFrom is evaluate, but for the first guards, which are known to hold.
func evaluateFrom(guard int, c *batch.Call, old func(batch.AccountID) int64) ([]effect, *RuleError) {
	e := &evaluation{call: c, old: old}
	e.guards(c.Intent.Guard[guard:])
	if e.first != nil {
		return nil, e.first
	}
	var defined []effect // kept aside: an equation sees the balances before
	for i := range c.Intent.Verify {
		cond := &c.Intent.Verify[i]
		if p, ok := cond.Defines(); ok {
			defined = e.define(defined, c.Args[p].Account, e.value(cond.Right), i)
		}
	}
	e.effects = defined
	for i := range c.Intent.Verify {
		if _, ok := c.Intent.Verify[i].Defines(); !ok {
			e.require(&c.Intent.Verify[i], batch.PostconditionFailed, "verify")
		}
	}
	if e.first != nil {
		return nil, e.first
	}
	return e.effects, nil
}

func (e *evaluation) guards(guards []batch.Cond) {
	for i := range guards {
		e.require(&guards[i], batch.GuardFailed, "guard")
	}
}

// stateless is how many of the call's guards come before the first that mentions a
// balance.
func stateless(c *batch.Call) int {
	for i := range c.Intent.Guard {
		for term := range c.Intent.Guard[i].Terms {
			if term.Kind != batch.Amount {
				return i
			}
		}
	}
	return len(c.Intent.Guard)
}

// broken records the first rule that is broken; whatever is evaluated later is ignored.
func (e *evaluation) broken(kind batch.FailureKind, format string, args ...any) {
	if e.first == nil {
		e.first = &RuleError{kind, fmt.Sprintf(format, args...)}
	}
}

func (e *evaluation) define(defined []effect, a batch.AccountID, v int64, equation int) []effect {
	for _, d := range defined {
		if d.account == a {
			if d.value != v {
				e.broken(batch.PostconditionFailed, "verify %d: the equations of an account give %d and %d", equation+1, d.value, v)
			}
			return defined
		}
	}
	return append(defined, effect{a, v})
}

func (e *evaluation) require(c *batch.Cond, kind batch.FailureKind, block string) {
	if e.first != nil {
		return
	}
	l, r := e.value(c.Left), e.value(c.Right)
	holds := false
	switch c.Op {
	case batch.GTE:
		holds = l >= r
	case batch.LTE:
		holds = l <= r
	case batch.EQ:
		holds = l == r
	case batch.NEQ:
		holds = l != r
	case batch.GT:
		holds = l > r
	case batch.LT:
		holds = l < r
	}
	if !holds {
		e.broken(kind, "%s: %d and %d do not compare as required", block, l, r)
	}
}

// value is meaningless after a rule is broken.
func (e *evaluation) value(x *batch.Expr) int64 {
	switch x.Kind {
	case batch.IntLit:
		return x.Int
	case batch.Amount:
		return e.call.Args[x.Param].Amount
	case batch.Old:
		return e.old(e.call.Args[x.Param].Account)
	case batch.New:
		return e.current(e.call.Args[x.Param].Account)
	case batch.Neg:
		return e.arithmetic(batch.Sub, 0, e.value(x.Left))
	default:
		l := e.value(x.Left)
		return e.arithmetic(x.Kind, l, e.value(x.Right))
	}
}

func (e *evaluation) current(a batch.AccountID) int64 {
	for _, d := range e.effects {
		if d.account == a {
			return d.value
		}
	}
	return e.old(a)
}

func (e *evaluation) arithmetic(op batch.ExprKind, l, r int64) int64 {
	v, ok := int64(0), false
	switch op {
	case batch.Add:
		v = l + r
		ok = (v > l) == (r > 0)
	case batch.Sub:
		v = l - r
		ok = (v < l) == (r > 0)
	case batch.Mul:
		v = l * r
		ok = l == 0 || (v/l == r && !(l == -1 && r == math.MinInt64))
	case batch.Div:
		if ok = r != 0 && !(l == math.MinInt64 && r == -1); ok {
			v = l / r
		}
	case batch.Mod:
		// The smallest integer modulo -1 is 0: the result is in range.
		if ok = r != 0; ok && r != -1 {
			v = l % r
		}
	}
	if !ok {
		e.broken(batch.ArithmeticFailed, "arithmetic: operands %d and %d", l, r)
	}
	return v
}

// conserves reports whether the effects leave the sum of the balances as it was.
// The sum is taken in two halves: it may be outside int64.
func conserves(effects []effect, old func(batch.AccountID) int64) bool {
	const half, mask = 32, 1<<32 - 1
	var hi, lo int64
	for _, d := range effects {
		before := old(d.account)
		hi += d.value>>half - before>>half
		lo += d.value&mask - before&mask
	}
	return hi+lo>>half == 0 && lo&mask == 0
}
