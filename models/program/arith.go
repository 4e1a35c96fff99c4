package program

import (
	"math"
	"math/bits"
)

// failure is an error that does not know its position yet.
type failure struct {
	kind   ErrorKind
	detail string
}

// operate computes a∘b for the arithmetic and comparison instructions. Concatenations are not charged here.
func operate(op Opcode, a, b Value) (Value, *failure) {
	switch op {
	case Eq:
		return Bool(Equal(a, b)), nil
	case Neq:
		return Bool(!Equal(a, b)), nil
	case And:
		return Bool(a.Truth() && b.Truth()), nil
	case Or:
		return Bool(a.Truth() || b.Truth()), nil
	case Lt, Gt, Lte, Gte:
		return order(op, a, b)
	}
	switch {
	case a.kind == IntKind && b.kind == IntKind:
		return intArithmetic(op, a.AsInt(), b.AsInt())
	case a.isNumber() && b.isNumber():
		return floatArithmetic(op, a.toFloat(), b.toFloat())
	case op == Add && a.kind == StringKind && b.kind == StringKind:
		return String(a.AsString() + b.AsString()), nil
	case op == Add && a.kind == ListKind && b.kind == ListKind:
		both := make([]Value, 0, len(a.items())+len(b.items()))
		return List(append(append(both, a.items()...), b.items()...)...), nil
	}
	return Nil, operandError(op, a, b)
}

func order(op Opcode, a, b Value) (Value, *failure) {
	order, ordered, ok := Compare(a, b)
	if !ok {
		return Nil, operandError(op, a, b)
	}
	switch op {
	case Lt:
		return Bool(ordered && order < 0), nil
	case Gt:
		return Bool(ordered && order > 0), nil
	case Lte:
		return Bool(ordered && order <= 0), nil
	default:
		return Bool(ordered && order >= 0), nil
	}
}

func operandError(op Opcode, a, b Value) *failure {
	return &failure{TypeError, op.String() + " of " + a.describe() + " and " + b.describe()}
}

func (v Value) toFloat() float64 {
	if v.kind == IntKind {
		return float64(v.AsInt())
	}
	return v.AsFloat()
}

func intArithmetic(op Opcode, a, b int64) (Value, *failure) {
	result, fits := int64(0), true
	switch op {
	case Add:
		result = a + b
		fits = (result > a) == (b > 0)
	case Sub:
		result = a - b
		fits = (result < a) == (b > 0)
	case Mul:
		result, fits = multiply(a, b)
	case Div, Mod:
		if b == 0 {
			return Nil, arithmeticError(DivisionByZero, op, Int(a), Int(b))
		}
		if op == Mod {
			return Int(a % b), nil
		}
		result, fits = a/b, a != math.MinInt64 || b != -1
	case Pow:
		if b < 0 {
			return floatArithmetic(op, float64(a), float64(b))
		}
		result, fits = power(a, b)
	}
	if !fits {
		return Nil, arithmeticError(Overflow, op, Int(a), Int(b))
	}
	return Int(result), nil
}

func arithmeticError(kind ErrorKind, op Opcode, a, b Value) *failure {
	return &failure{kind, a.String() + " " + op.String() + " " + b.String()}
}

// multiply returns the product, and whether it is in range.
func multiply(a, b int64) (int64, bool) {
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	switch {
	case high != 0:
		return 0, false
	case negative:
		return -int64(low), low <= 1<<63
	default:
		return int64(low), low < 1<<63
	}
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// power multiplies step by step, so that it is in range exactly if every step is. Bases
// other than 0 and ±1 leave the range within 63 steps.
func power(base, exponent int64) (int64, bool) {
	switch {
	case exponent == 0 || base == 1:
		return 1, true
	case base == 0:
		return 0, true
	case base == -1:
		return 1 - 2*(exponent&1), true
	}
	result, fits := int64(1), true
	for ; exponent > 0 && fits; exponent-- {
		result, fits = multiply(result, base)
	}
	return result, fits
}

func floatArithmetic(op Opcode, a, b float64) (Value, *failure) {
	switch op {
	case Add:
		return Float(a + b), nil
	case Sub:
		return Float(a - b), nil
	case Mul:
		return Float(a * b), nil
	case Pow:
		if a == 0 && b < 0 {
			return Nil, arithmeticError(DivisionByZero, op, Float(a), Float(b))
		}
		return Float(math.Pow(a, b)), nil
	}
	if b == 0 {
		return Nil, arithmeticError(DivisionByZero, op, Float(a), Float(b))
	}
	if op == Mod {
		return Float(math.Mod(a, b)), nil
	}
	return Float(a / b), nil
}

func negate(v Value) (Value, *failure) {
	switch {
	case v.kind == FloatKind:
		return Float(-v.AsFloat()), nil
	case v.kind != IntKind:
		return Nil, &failure{TypeError, "NEG of " + v.describe()}
	case v.AsInt() == math.MinInt64:
		return Nil, &failure{Overflow, "NEG " + v.String()}
	}
	return Int(-v.AsInt()), nil
}
