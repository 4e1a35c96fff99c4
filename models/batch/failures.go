package batch

import (
	"fmt"
	"math/big"
	"strconv"
)

// This file words failures. The constructors take values that the caller has
// computed and compute none themselves, so that an executor and the specification
// can use the same words and still be checked against each other.

// InjectedPanic is the value of the panic that Setup.Panics asks for. A
// transaction listed there panics before it does anything else.
const InjectedPanic = "injected by the setup"

// GuardFailure says that a guard of transaction tx is false. value gives the value
// of a term of the condition.
func (b *Batch) GuardFailure(tx int, c *Cond, value func(*Expr) int64) *Failure {
	return b.conditionFailure(tx, GuardFailed, c, value)
}

// PostconditionFailure says that a condition to verify is false.
func (b *Batch) PostconditionFailure(tx int, c *Cond, value func(*Expr) int64) *Failure {
	return b.conditionFailure(tx, PostconditionFailed, c, value)
}

func (b *Batch) conditionFailure(tx int, kind FailureKind, c *Cond, value func(*Expr) int64) *Failure {
	f := b.failure(tx, kind)
	call := b.Transactions[tx].Call
	f.Condition = FormatCond(call.Intent, c)
	for t := range c.Terms {
		f.Values = b.addValue(f.Values, call, t, value(t))
	}
	return f
}

// ContradictionFailure says that two equations define one account differently:
// the first one's value and the second's. Equations are compared in the order they
// are written, each with the first equation for its account.
func (b *Batch) ContradictionFailure(tx int, first, second *Cond, value1, value2 int64) *Failure {
	f := b.failure(tx, PostconditionFailed)
	call := b.Transactions[tx].Call
	f.Condition = FormatCond(call.Intent, second)
	account := b.accountName(call.Args[second.Left.Param].Account)
	twice := ""
	if x, y := first.Left.Param, second.Left.Param; x != y {
		params := call.Intent.Params
		twice = fmt.Sprintf("; %s and %s are both %s", params[x].Name, params[y].Name, account)
	}
	f.Detail = fmt.Sprintf("two equations define %s differently: %d by %q and %d by %q%s",
		account, value1, FormatCond(call.Intent, first), value2, f.Condition, twice)
	return f
}

// ArithmeticCause is why an expression has no value.
type ArithmeticCause uint8

// The causes of an ArithmeticFailed.
const (
	Overflow       ArithmeticCause = iota // the result is outside int64
	DivisionByZero                        // also for the remainder
)

func (c ArithmeticCause) String() string {
	if c == DivisionByZero {
		return "division by zero"
	}
	return "overflow"
}

// ArithmeticFailure says that e, the smallest subexpression concerned, has no
// value. value gives the value of a term of e.
func (b *Batch) ArithmeticFailure(tx int, e *Expr, cause ArithmeticCause, value func(*Expr) int64) *Failure {
	f := b.failure(tx, ArithmeticFailed)
	call := b.Transactions[tx].Call
	f.Condition = FormatExpr(call.Intent, e)
	f.Detail = cause.String()
	for t := range e.Terms {
		f.Values = b.addValue(f.Values, call, t, value(t))
	}
	return f
}

// Change is a balance that a transaction wrote: what it was, and what it became.
type Change struct {
	Account  AccountID
	Old, New int64
}

// ConservationFailure says that a transaction mints or burns. The changes are
// those of all accounts that it wrote, in ascending order.
func (b *Batch) ConservationFailure(tx int, changes []Change) *Failure {
	f := b.failure(tx, NotConserved)
	surplus := new(big.Int)
	for _, c := range changes {
		surplus.Add(surplus, big.NewInt(c.New))
		surplus.Sub(surplus, big.NewInt(c.Old))
		name := b.accountName(c.Account)
		f.Values = append(f.Values, Value{oldPrefix + name, c.Old}, Value{name, c.New})
	}
	f.Detail = "mints " + surplus.String()
	if surplus.Sign() < 0 {
		f.Detail = "burns " + surplus.Neg(surplus).String()
	}
	return f
}

// AccessFailure says that a transaction in Go form accessed an account that it
// had not declared for that.
func (b *Batch) AccessFailure(tx int, a AccountID, write bool) *Failure {
	f := b.failure(tx, AccessDenied)
	f.Err = &AccessError{ID: f.ID, Account: b.accountName(a), Write: write}
	return f
}

// RejectedFailure says that Apply or Prepare returned an error.
func (b *Batch) RejectedFailure(tx int, err error) *Failure {
	f := b.failure(tx, Rejected)
	f.Err = err
	return f
}

// PanicFailure says that Apply or Prepare panicked with a value.
func (b *Batch) PanicFailure(tx int, value any, stack string) *Failure {
	f := b.failure(tx, Panicked)
	f.Detail = fmt.Sprint(value)
	f.Stack = stack
	return f
}

func (b *Batch) failure(tx int, kind FailureKind) *Failure {
	return &Failure{Tx: tx, ID: b.Transactions[tx].ID, Kind: kind}
}

// addValue appends a term's value, unless it is there already.
func (b *Batch) addValue(values []Value, call *Call, t *Expr, v int64) []Value {
	name := FormatExpr(call.Intent, t)
	if t.Kind != Amount {
		if account := b.accountName(call.Args[t.Param].Account); account != call.Intent.Params[t.Param].Name {
			name += " (" + account + ")"
		}
	}
	for _, have := range values {
		if have.Name == name {
			return values
		}
	}
	return append(values, Value{name, v})
}

// accountName is the account's name, or its number if there is none.
func (b *Batch) accountName(a AccountID) string {
	if a < 0 || int(a) >= len(b.Accounts) {
		return strconv.Itoa(int(a))
	}
	return b.Accounts[a].Name
}
