package program

import "math"

// Kind is the kind of a [Value].
type Kind uint8

// The kinds of values.
const (
	NilKind Kind = iota
	BoolKind
	IntKind
	FloatKind
	StringKind
	ListKind
	MapKind
	FuncKind
)

// String returns the kind's name, as the builtin type gives it.
func (k Kind) String() string {
	return [...]string{"nil", "bool", "int", "float", "string", "list", "map", "function"}[k]
}

// Value is an immutable value. The zero Value is nil. Values are compared with
// [Equal] and [Identical], not with ==. It is small, since lists and outcomes are arrays of values.
type Value struct {
	_    [0]func() // so that == does not compile
	kind Kind
	num  uint64    // bool, int; the bits of a float; the size of a list or map
	rest *contents // of what is not all in num
}

// contents is what a value has besides a number. It does not change.
type contents struct {
	text  string  // of a string; a function's name
	items []Value // list elements; map keys and values in turn, ascending by key
}

// Nil is the nil value.
var Nil Value

// Bool returns a bool.
func Bool(b bool) Value {
	if b {
		return Value{kind: BoolKind, num: 1}
	}
	return Value{kind: BoolKind}
}

// Int returns an int.
func Int(n int64) Value { return Value{kind: IntKind, num: uint64(n)} }

// Float returns a float. All NaNs become the same one.
func Float(f float64) Value {
	if f != f {
		f = math.NaN()
	}
	return Value{kind: FloatKind, num: math.Float64bits(f)}
}

// String returns a string of any bytes.
func String(s string) Value { return Value{kind: StringKind, rest: &contents{text: s}} }

// Func returns the function of that name.
func Func(name string) Value { return Value{kind: FuncKind, rest: &contents{text: name}} }

// List returns a list. It takes over the slice, which must not be changed any more.
func List(elements ...Value) Value {
	size := int64(cell)
	for _, e := range elements {
		size = saturatingAdd(size, e.Size())
	}
	return Value{kind: ListKind, num: uint64(size), rest: &contents{items: elements}}
}

// Kind returns v's kind.
func (v Value) Kind() Kind { return v.kind }

// AsBool returns a bool's value.
func (v Value) AsBool() bool { return v.num != 0 }

// AsInt returns an int's value.
func (v Value) AsInt() int64 { return int64(v.num) }

// AsFloat returns a float's value.
func (v Value) AsFloat() float64 { return math.Float64frombits(v.num) }

// AsString returns a string's bytes, or a function's name.
func (v Value) AsString() string {
	if v.rest == nil {
		return ""
	}
	return v.rest.text
}

// Elements returns a list's elements, which must not be changed.
func (v Value) Elements() []Value {
	if v.kind != ListKind {
		return nil
	}
	return v.items()
}

// items are a list's elements, or a map's keys and values in turn.
func (v Value) items() []Value {
	if v.rest == nil {
		return nil
	}
	return v.rest.items
}

// Truth reports whether v counts as true.
func (v Value) Truth() bool {
	switch v.kind {
	case NilKind:
		return false
	case BoolKind, IntKind:
		return v.num != 0
	case FloatKind:
		return v.AsFloat() != 0
	case StringKind:
		return v.AsString() != ""
	case ListKind, MapKind:
		return len(v.items()) > 0
	default:
		return true
	}
}

// cell is the size of every value without its contents, in bytes.
const cell = 16

// Size is what building v costs of a run's memory, in bytes: 16 for every value in
// it, itself included, and the length of every string.
func (v Value) Size() int64 {
	switch v.kind {
	case StringKind:
		return cell + int64(len(v.AsString()))
	case ListKind, MapKind:
		return int64(v.num)
	default:
		return cell
	}
}

func saturatingAdd(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
