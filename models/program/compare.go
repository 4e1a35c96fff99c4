package program

import (
	"cmp"
	"math"
	"slices"
)

// Equal is the language's EQ: 1 equals 1.0, and NaN equals nothing.
func Equal(a, b Value) bool {
	if a.isNumber() && b.isNumber() {
		order, ok := compareNumbers(a, b)
		return ok && order == 0
	}
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case ListKind, MapKind:
		return equalItems(a, b, Equal)
	default:
		return a.num == b.num && a.AsString() == b.AsString()
	}
}

// Identical reports whether a and b are the same value to the last bit: 1 and 1.0
// differ, as do 0.0 and -0.0, and NaN is identical to itself. Identical values are those with the
// same text ([Value.String]).
func Identical(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	if a.kind == ListKind || a.kind == MapKind {
		return equalItems(a, b, Identical)
	}
	return a.num == b.num && a.AsString() == b.AsString()
}

func equalItems(a, b Value, equal func(a, b Value) bool) bool {
	return slices.EqualFunc(a.items(), b.items(), equal)
}

// Compare orders two numbers or two strings as LT does. ok is false for other kinds; with a NaN,
// ordered is false.
func Compare(a, b Value) (order int, ordered, ok bool) {
	switch {
	case a.isNumber() && b.isNumber():
		order, ordered = compareNumbers(a, b)
		return order, ordered, true
	case a.kind == StringKind && b.kind == StringKind:
		return cmp.Compare(a.AsString(), b.AsString()), true, true
	default:
		return 0, false, false
	}
}

func (v Value) isNumber() bool { return v.kind == IntKind || v.kind == FloatKind }

// compareNumbers compares mathematical values, without rounding. ok is false if one is NaN.
func compareNumbers(a, b Value) (order int, ok bool) {
	switch {
	case a.kind == IntKind && b.kind == IntKind:
		return cmp.Compare(a.AsInt(), b.AsInt()), true
	case a.kind == IntKind:
		return compareIntFloat(a.AsInt(), b.AsFloat())
	case b.kind == IntKind:
		order, ok = compareIntFloat(b.AsInt(), a.AsFloat())
		return -order, ok
	}
	x, y := a.AsFloat(), b.AsFloat()
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	default:
		return 0, x == y
	}
}

// compareIntFloat converts f to an int, never n to a float: large ints have no exact float.
func compareIntFloat(n int64, f float64) (order int, ok bool) {
	switch {
	case f != f:
		return 0, false
	case f >= 1<<63:
		return -1, true
	case f < -1<<63:
		return 1, true
	}
	whole := math.Trunc(f)
	if order := cmp.Compare(n, int64(whole)); order != 0 {
		return order, true
	}
	return cmp.Compare(whole, f), true
}
