package vm

import (
	"math"
	"math/big"
	"strings"

	"synchrony/models/program"
)

// binary executes a binary operator on any two values. The fast interpreter has its own paths
// for the common ones; this is for all.
func (m *machine) binary(in *original) status {
	a, b := *m.operand(in, 2), *m.operand(in, 1)
	result := m.operand(in, 2)
	switch in.op {
	case program.And:
		*result = boolCell(m.truth(a) && m.truth(b))
	case program.Or:
		*result = boolCell(m.truth(a) || m.truth(b))
	case program.Eq:
		*result = boolCell(equal(m.unbox(a), m.unbox(b)))
	case program.Neq:
		*result = boolCell(!equal(m.unbox(a), m.unbox(b)))
	case program.Lt, program.Gt, program.Lte, program.Gte:
		less, same, ok := ordered(m.unbox(a), m.unbox(b))
		if !ok {
			return m.operandError(in.op, a, b)
		}
		*result = boolCell(relates(in.op, less, same))
	default:
		switch {
		case a.tag == tagInt && b.tag == tagInt:
			return m.intArithmetic(in, int64(a.bits), int64(b.bits))
		case a.isNumber() && b.isNumber():
			return m.floatArithmetic(in, a.number(), b.number())
		case in.op == program.Add && a.tag == tagBox && b.tag == tagBox:
			return m.concatenate(in, m.unbox(a), m.unbox(b))
		}
		return m.operandError(in.op, a, b)
	}
	return running
}

func (m *machine) operandError(op program.Opcode, a, b cell) status {
	return m.fail(program.TypeError, op.String()+" of "+m.describe(a)+" and "+m.describe(b))
}

// concatenate adds two strings or two lists. The size is charged before they are copied.
func (m *machine) concatenate(in *original, a, b program.Value) status {
	if a.Kind() != b.Kind() || a.Kind() == program.MapKind {
		return m.fail(program.TypeError, "ADD of "+describe(a)+" and "+describe(b))
	}
	if !m.charge(addSaturating(a.Size(), b.Size()) - program.Nil.Size()) {
		return m.fail(program.MemoryLimit, "")
	}
	if a.Kind() == program.StringKind {
		*m.operand(in, 2) = m.box(program.String(a.AsString() + b.AsString()))
		return running
	}
	items := make([]program.Value, 0, a.Len()+b.Len())
	items = append(append(items, a.Elements()...), b.Elements()...)
	*m.operand(in, 2) = m.box(program.List(items...))
	return running
}

func (m *machine) arithmeticError(kind program.ErrorKind, op program.Opcode, a, b program.Value) status {
	return m.fail(kind, a.String()+" "+op.String()+" "+b.String())
}

func (m *machine) intArithmetic(in *original, a, b int64) status {
	if (in.op == program.Div || in.op == program.Mod) && b == 0 {
		return m.arithmeticError(program.DivisionByZero, in.op, program.Int(a), program.Int(b))
	}
	if in.op == program.Pow && b < 0 {
		return m.floatArithmetic(in, float64(a), float64(b))
	}
	n, ok := combine(in.op, a, b)
	if !ok {
		return m.arithmeticError(program.Overflow, in.op, program.Int(a), program.Int(b))
	}
	*m.operand(in, 2) = intCell(n)
	return running
}

// combine computes a∘b, and reports whether that is in range. Divisors are not 0, exponents not negative.
func combine(op program.Opcode, a, b int64) (int64, bool) {
	x, y, z := big.NewInt(a), big.NewInt(b), new(big.Int)
	switch op {
	case program.Add:
		z.Add(x, y)
	case program.Sub:
		z.Sub(x, y)
	case program.Mul:
		z.Mul(x, y)
	case program.Div:
		z.Quo(x, y)
	case program.Mod:
		z.Rem(x, y)
	case program.Pow:
		return power(a, b)
	}
	return z.Int64(), z.IsInt64()
}

// power is a to the b-th, b ≥ 0, by squaring.
func power(a, b int64) (int64, bool) {
	if a == 0 || a == 1 || a == -1 { // the only bases whose large powers are in range
		if b == 0 {
			return 1, true
		}
		if a == -1 && b%2 == 0 {
			return 1, true
		}
		return a, true
	}
	if b > 63 {
		return 0, false
	}
	z := new(big.Int).Exp(big.NewInt(a), big.NewInt(b), nil)
	return z.Int64(), z.IsInt64()
}

func (m *machine) floatArithmetic(in *original, a, b float64) status {
	var f float64
	switch in.op {
	case program.Add:
		f = a + b
	case program.Sub:
		f = a - b
	case program.Mul:
		f = a * b
	case program.Div, program.Mod:
		if b == 0 {
			return m.arithmeticError(program.DivisionByZero, in.op, program.Float(a), program.Float(b))
		}
		if f = a / b; in.op == program.Mod {
			f = math.Mod(a, b)
		}
	case program.Pow:
		if a == 0 && b < 0 {
			return m.arithmeticError(program.DivisionByZero, in.op, program.Float(a), program.Float(b))
		}
		f = math.Pow(a, b)
	}
	*m.operand(in, 2) = floatCell(f)
	return running
}

func (m *machine) negate(in *original) status {
	x := m.operand(in, 1)
	switch {
	case x.tag == tagFloat:
		*x = floatCell(-math.Float64frombits(x.bits))
	case x.tag != tagInt:
		return m.fail(program.TypeError, "NEG of "+m.describe(*x))
	case x.bits == 1<<63:
		return m.fail(program.Overflow, "NEG "+m.unbox(*x).String())
	default:
		*x = intCell(-int64(x.bits))
	}
	return running
}

// ordered compares two numbers by their mathematical value, or two strings by bytes. ok is false for other
// kinds; with a NaN, neither less nor same is true, nor is their negation meant: see relates.
func ordered(a, b program.Value) (less, same order, ok bool) {
	switch {
	case number(a) && number(b):
		if isNaN(a) || isNaN(b) {
			return unordered, unordered, true
		}
		c := compareNumbers(a, b)
		return truthOf(c < 0), truthOf(c == 0), true
	case a.Kind() == program.StringKind && b.Kind() == program.StringKind:
		c := strings.Compare(a.AsString(), b.AsString())
		return truthOf(c < 0), truthOf(c == 0), true
	}
	return unordered, unordered, false
}

// order is a truth that a NaN takes away.
type order uint8

const (
	unordered order = iota
	no
	yes
)

func truthOf(b bool) order {
	if b {
		return yes
	}
	return no
}

// relates decides a comparison instruction; unordered operands make each false.
func relates(op program.Opcode, less, same order) bool {
	switch op {
	case program.Lt:
		return less == yes
	case program.Lte:
		return less == yes || same == yes
	case program.Gt:
		return less == no && same == no
	default:
		return less == no
	}
}

func number(v program.Value) bool {
	return v.Kind() == program.IntKind || v.Kind() == program.FloatKind
}

func isNaN(v program.Value) bool {
	return v.Kind() == program.FloatKind && math.IsNaN(v.AsFloat())
}

// compareNumbers compares exactly: where an int meets a float, as rational numbers.
func compareNumbers(a, b program.Value) int {
	if a.Kind() == b.Kind() && a.Kind() == program.IntKind {
		switch x, y := a.AsInt(), b.AsInt(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return rational(a).Cmp(rational(b))
}

// rational is a number with enough digits to be exact.
func rational(v program.Value) *big.Float {
	if v.Kind() == program.IntKind {
		return new(big.Float).SetInt64(v.AsInt())
	}
	return new(big.Float).SetFloat64(v.AsFloat())
}

// equal is the language's EQ.
func equal(a, b program.Value) bool {
	if number(a) && number(b) {
		return !isNaN(a) && !isNaN(b) && compareNumbers(a, b) == 0
	}
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case program.BoolKind:
		return a.AsBool() == b.AsBool()
	case program.StringKind, program.FuncKind:
		return a.AsString() == b.AsString()
	case program.ListKind:
		x, y := a.Elements(), b.Elements()
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case program.MapKind:
		x, y := a.Entries(), b.Entries()
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i].Key, y[i].Key) || !equal(x[i].Value, y[i].Value) {
				return false
			}
		}
		return true
	default:
		return true // nil
	}
}
