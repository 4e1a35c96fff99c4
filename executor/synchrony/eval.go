package synchrony

import (
	"math"
	"math/bits"

	"synchrony/models/batch"
)

// fault says why an evaluation stopped.
type fault uint8

const (
	noFault    fault = iota
	falseCheck       // a guard or condition is false
	overflow
	divisionByZero
	contradiction // an equation disagrees with an earlier one for the same account
)

// eval runs the program on registers that hold amounts, old balances and constants.
// It returns the instruction that failed, and why. aliased says that two parameters
// may be one account.
func (p *program) eval(r []int64, args []batch.Arg, aliased bool) (int, fault) {
	code := p.code
	if !aliased {
		code = code[:p.enough]
	}
	for pc := range code {
		in := &code[pc]
		switch a := r[in.a]; in.op {
		case opAdd:
			b := r[in.b]
			v := a + b
			if (a^v)&(b^v) < 0 {
				return pc, overflow
			}
			r[in.dst] = v
		case opSub:
			b := r[in.b]
			v := a - b
			if (a^b)&(a^v) < 0 {
				return pc, overflow
			}
			r[in.dst] = v
		case opNeg:
			if a == math.MinInt64 {
				return pc, overflow
			}
			r[in.dst] = -a
		case opMul:
			v, ok := multiply(a, r[in.b])
			if !ok {
				return pc, overflow
			}
			r[in.dst] = v
		case opDiv:
			b := r[in.b]
			if b == 0 {
				return pc, divisionByZero
			}
			if a == math.MinInt64 && b == -1 {
				return pc, overflow
			}
			r[in.dst] = a / b
		case opMod:
			b := r[in.b]
			if b == 0 {
				return pc, divisionByZero
			}
			r[in.dst] = a % b
		case opMove:
			r[in.dst] = a
		case opDefine:
			if aliased && p.contradicts(in.b, r, args) >= 0 {
				return pc, contradiction
			}
			r[in.dst] = a
		case opCarry:
			r[in.dst] = p.carried(in.b, r, args, aliased)
		case opGTE:
			if a < r[in.b] {
				return pc, falseCheck
			}
		case opLTE:
			if a > r[in.b] {
				return pc, falseCheck
			}
		case opEQ:
			if a != r[in.b] {
				return pc, falseCheck
			}
		case opNEQ:
			if a == r[in.b] {
				return pc, falseCheck
			}
		case opGT:
			if a <= r[in.b] {
				return pc, falseCheck
			}
		case opLT:
			if a >= r[in.b] {
				return pc, falseCheck
			}
		}
	}
	return 0, noFault
}

// carried is the new balance of a parameter that has no equation: that of another
// parameter for the same account, or else the old one.
func (p *program) carried(param int32, r []int64, args []batch.Arg, aliased bool) int64 {
	if aliased {
		if eq := p.equationFor(args[param].Account, int32(len(p.defines)), args); eq >= 0 {
			return r[p.firstEquation()+eq]
		}
	}
	return r[param]
}

// multiply is a*b, and whether that is in range.
func multiply(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// The unsigned product of two's complements is too large by these terms.
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	v := int64(lo)
	return v, int64(hi) == v>>63
}

// equationFor is the first of the first n equations that defines the account, or -1.
func (p *program) equationFor(a batch.AccountID, n int32, args []batch.Arg) int32 {
	for k := range n {
		if args[p.defines[k]].Account == a {
			return k
		}
	}
	return -1
}

// contradicts is the first equation for the account of equation number eq if that
// has another value, or -1.
func (p *program) contradicts(eq int32, r []int64, args []batch.Arg) int32 {
	first := p.equationFor(args[p.defines[eq]].Account, eq, args)
	if first >= 0 && r[p.firstEquation()+first] != r[p.firstEquation()+eq] {
		return first
	}
	return -1
}

// aliases reports whether two of the parameters that the program uses are one
// account. Quadratic in the parameters, of which there are few.
func (p *program) aliases(args []batch.Arg) bool {
	if p.repeats {
		return true
	}
	for i, x := range p.accounts {
		for _, y := range p.accounts[:i] {
			if args[x].Account == args[y].Account {
				return true
			}
		}
	}
	return false
}

// explain says what went wrong at an instruction.
func (p *program) explain(b *batch.Batch, tx, pc int, f fault, r []int64) *batch.Failure {
	value := func(e *batch.Expr) int64 {
		if e.Kind == batch.New && pc >= p.guards {
			return r[p.params+e.Param]
		}
		return r[e.Param]
	}
	src, args := p.source[pc], b.Transactions[tx].Call.Args
	switch f {
	case overflow:
		return b.ArithmeticFailure(tx, src.expr, batch.Overflow, value)
	case divisionByZero:
		return b.ArithmeticFailure(tx, src.expr, batch.DivisionByZero, value)
	case contradiction:
		eq, values := p.code[pc].b, r[p.firstEquation():]
		first := p.contradicts(eq, r, args)
		return b.ContradictionFailure(tx, p.equations[first], src.cond, values[first], values[eq])
	}
	if pc < p.guards {
		return b.GuardFailure(tx, src.cond, value)
	}
	return b.PostconditionFailure(tx, src.cond, value)
}
