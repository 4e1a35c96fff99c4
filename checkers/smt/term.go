package smt

import (
	"encoding/binary"
	"math"
	"math/big"
	"slices"
)

// op is what a term is.
type op uint8

const (
	opVar    op = iota // an integer variable
	opFlag             // a boolean variable
	opLinear           // constant + Σ coefs[i]·args[i], of which the args are not linear
	opMul              // args[0]·args[1]
	opQuo              // args[0] / args[1], truncated; the divisor is not 0
	opRem              // args[0] % args[1], with the sign of the dividend
	opIte              // args[1] if args[0], else args[2]
	opTrue
	opLE  // args[0] ≤ 0
	opEQ  // args[0] = 0
	opNot // ¬args[0]
	opAnd // all args
	opOr  // some arg
)

// term is an expression over the integers, unbounded, or a condition. Terms are
// hash-consed and kept in a normal form (sums are linear combinations with sorted
// atoms, comparisons are with 0): what is the same polynomial is the same pointer,
// so that much is proved by comparing pointers.
type term struct {
	id       int32
	op       op
	name     string   // of a variable
	constant *big.Int // of a linear term
	coefs    []*big.Int
	args     []*term
}

// terms makes terms. Terms of different makers must not meet.
type terms struct {
	table map[string]*term
	key   []byte
	yes   *term
	no    *term
	zero  *term
}

var (
	one      = big.NewInt(1)
	minusOne = big.NewInt(-1)
	minInt   = big.NewInt(math.MinInt64)
	maxInt   = big.NewInt(math.MaxInt64)
)

func newTerms() *terms {
	t := &terms{table: map[string]*term{}}
	t.yes = t.intern(&term{op: opTrue})
	t.no = t.intern(&term{op: opNot, args: []*term{t.yes}})
	t.zero = t.number(0)
	return t
}

// intern returns the term that equals x: x itself if it is the first. x may be
// reused by the caller if another is returned.
func (t *terms) intern(x *term) *term {
	k := append(t.key[:0], byte(x.op))
	for _, a := range x.args {
		k = binary.LittleEndian.AppendUint32(k, uint32(a.id))
	}
	for _, c := range x.coefs {
		k = append(k, ' ')
		k = c.Append(k, 36)
	}
	if x.constant != nil {
		k = append(k, '+')
		k = x.constant.Append(k, 36)
	}
	k = append(k, x.name...)
	t.key = k
	if known, ok := t.table[string(k)]; ok {
		return known
	}
	x.id = int32(len(t.table))
	t.table[string(k)] = x
	return x
}

func (t *terms) variable(name string) *term { return t.intern(&term{op: opVar, name: name}) }
func (t *terms) flag(name string) *term     { return t.intern(&term{op: opFlag, name: name}) }

func (t *terms) number(n int64) *term { return t.big(big.NewInt(n)) }

func (t *terms) big(n *big.Int) *term { return t.intern(&term{op: opLinear, constant: n}) }

// value returns a constant's value, or nil.
func (x *term) value() *big.Int {
	if x.op == opLinear && len(x.args) == 0 {
		return x.constant
	}
	return nil
}

// parts views any integer term as a linear one.
func (x *term) parts() (constant *big.Int, coefs []*big.Int, atoms []*term) {
	if x.op == opLinear {
		return x.constant, x.coefs, x.args
	}
	return new(big.Int), []*big.Int{one}, []*term{x}
}

func (t *terms) add(a, b *term) *term { return t.combine(a, one, b) }
func (t *terms) sub(a, b *term) *term { return t.combine(a, minusOne, b) }
func (t *terms) neg(a *term) *term    { return t.combine(t.zero, minusOne, a) }

// combine is a + factor·b, by merging the sorted atoms.
func (t *terms) combine(a *term, factor *big.Int, b *term) *term {
	ca, fa, xa := a.parts()
	cb, fb, xb := b.parts()
	scale := func(n *big.Int) *big.Int {
		if factor == one {
			return n
		}
		return new(big.Int).Mul(factor, n)
	}
	coefs := make([]*big.Int, 0, len(xa)+len(xb))
	atoms := make([]*term, 0, len(xa)+len(xb))
	for i, j := 0, 0; i < len(xa) || j < len(xb); {
		switch {
		case j == len(xb) || i < len(xa) && xa[i].id < xb[j].id:
			coefs, atoms = append(coefs, fa[i]), append(atoms, xa[i])
			i++
		case i == len(xa) || xb[j].id < xa[i].id:
			coefs, atoms = append(coefs, scale(fb[j])), append(atoms, xb[j])
			j++
		default:
			if c := new(big.Int).Add(fa[i], scale(fb[j])); c.Sign() != 0 {
				coefs, atoms = append(coefs, c), append(atoms, xa[i])
			}
			i, j = i+1, j+1
		}
	}
	return t.linear(new(big.Int).Add(ca, scale(cb)), coefs, atoms)
}

func (t *terms) linear(constant *big.Int, coefs []*big.Int, atoms []*term) *term {
	if constant.Sign() == 0 && len(atoms) == 1 && coefs[0].Cmp(one) == 0 {
		return atoms[0]
	}
	return t.intern(&term{op: opLinear, constant: constant, coefs: coefs, args: atoms})
}

func (t *terms) mul(a, b *term) *term {
	if n := a.value(); n != nil {
		a, b = b, a
	}
	if n := b.value(); n != nil {
		if n.Sign() == 0 {
			return t.zero
		}
		return t.combine(t.zero, n, a)
	}
	if a.id > b.id {
		a, b = b, a
	}
	return t.intern(&term{op: opMul, args: []*term{a, b}})
}

// quo and rem have no meaning if the divisor is 0; whoever makes them must
// require that it is not.
func (t *terms) quo(a, b *term) *term { return t.divide(opQuo, (*big.Int).Quo, a, b) }
func (t *terms) rem(a, b *term) *term { return t.divide(opRem, (*big.Int).Rem, a, b) }

func (t *terms) divide(o op, fold func(z, x, y *big.Int) *big.Int, a, b *term) *term {
	x, y := a.value(), b.value()
	switch {
	case y != nil && y.Sign() == 0:
		return t.zero
	case x != nil && y != nil:
		return t.big(fold(new(big.Int), x, y))
	}
	return t.intern(&term{op: o, args: []*term{a, b}})
}

func (t *terms) ite(c, a, b *term) *term {
	switch {
	case c == t.yes || a == b:
		return a
	case c == t.no:
		return b
	}
	return t.intern(&term{op: opIte, args: []*term{c, a, b}})
}

func (t *terms) le(a, b *term) *term {
	d := t.sub(a, b)
	if n := d.value(); n != nil {
		return t.truth(n.Sign() <= 0)
	}
	return t.intern(&term{op: opLE, args: []*term{d}})
}

func (t *terms) lt(a, b *term) *term { return t.le(t.add(a, t.number(1)), b) }

func (t *terms) eq(a, b *term) *term {
	d := t.sub(a, b)
	if n := d.value(); n != nil {
		return t.truth(n.Sign() == 0)
	}
	if _, coefs, _ := d.parts(); coefs[0].Sign() < 0 {
		d = t.neg(d)
	}
	return t.intern(&term{op: opEQ, args: []*term{d}})
}

// inRange says that x is an int64.
func (t *terms) inRange(x *term) *term {
	return t.and(t.le(t.big(minInt), x), t.le(x, t.big(maxInt)))
}

func (t *terms) truth(b bool) *term {
	if b {
		return t.yes
	}
	return t.no
}

func (t *terms) not(a *term) *term {
	switch a.op {
	case opNot:
		return a.args[0]
	case opLE: // over the integers, ¬(d ≤ 0) is 1 - d ≤ 0
		return t.le(t.sub(t.number(1), a.args[0]), t.zero)
	}
	return t.intern(&term{op: opNot, args: []*term{a}})
}

func (t *terms) and(all ...*term) *term { return t.junction(opAnd, t.yes, t.no, all) }
func (t *terms) or(all ...*term) *term  { return t.junction(opOr, t.no, t.yes, all) }

// junction joins conditions: the unit is dropped, the absorbing one and a condition
// beside its opposite decide.
func (t *terms) junction(o op, unit, absorbing *term, all []*term) *term {
	var flat []*term
	for _, x := range all {
		if x.op == o {
			flat = append(flat, x.args...)
		} else if x != unit {
			flat = append(flat, x)
		}
	}
	slices.SortFunc(flat, func(a, b *term) int { return int(a.id) - int(b.id) })
	flat = slices.Compact(flat)
	for _, x := range flat {
		if x == absorbing || x.op == opNot && slices.Contains(flat, x.args[0]) {
			return absorbing
		}
	}
	switch len(flat) {
	case 0:
		return unit
	case 1:
		return flat[0]
	}
	return t.intern(&term{op: o, args: flat})
}

// xor says that exactly one of two conditions holds.
func (t *terms) xor(a, b *term) *term {
	if a == b {
		return t.no
	}
	return t.or(t.and(a, t.not(b)), t.and(b, t.not(a)))
}
