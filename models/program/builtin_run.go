package program

import (
	"math"
	"strconv"
	"strings"
)

// builtin calls a builtin other than work. It builds nothing much larger than room bytes: what it
// returns is checked against the limit by its caller.
func builtin(b Builtin, args []Value, room int64) (Value, *failure) {
	x := args[0]
	switch b {
	case BuiltinLen:
		if x.kind == StringKind || x.kind == ListKind || x.kind == MapKind {
			return Int(int64(x.Len())), nil
		}
	case BuiltinAbs:
		return absolute(x)
	case BuiltinMin:
		return extreme(Lt, args)
	case BuiltinMax:
		return extreme(Gt, args)
	case BuiltinStr:
		return String(x.Display()), nil
	case BuiltinInt:
		return toInt(x)
	case BuiltinFloat:
		return toFloat(x)
	case BuiltinType:
		return String(x.kind.String()), nil
	case BuiltinRange:
		return rangeOf(args, room)
	case BuiltinSum:
		return sum(x)
	default:
		return collection(b, args)
	}
	return Nil, argumentError(b, x)
}

// collection calls a builtin on lists, maps and strings.
func collection(b Builtin, args []Value) (Value, *failure) {
	x := args[0]
	switch b {
	case BuiltinAppend:
		if x.kind == ListKind {
			return List(append(append([]Value(nil), x.items()...), args[1])...), nil
		}
	case BuiltinKeys, BuiltinValues:
		if x.kind == MapKind {
			var items []Value
			for _, e := range x.Entries() {
				if b == BuiltinKeys {
					items = append(items, e.Key)
				} else {
					items = append(items, e.Value)
				}
			}
			return List(items...), nil
		}
	case BuiltinHas:
		return has(x, args[1])
	case BuiltinPut:
		return put(x, args[1], args[2])
	case BuiltinSlice:
		return slice(x, args[1], args[2])
	}
	return Nil, argumentError(b, x)
}

func argumentError(b Builtin, v Value) *failure {
	return &failure{TypeError, b.String() + " of " + v.describe()}
}

func absolute(v Value) (Value, *failure) {
	switch {
	case v.kind == FloatKind:
		return Float(math.Abs(v.AsFloat())), nil
	case v.kind != IntKind:
		return Nil, argumentError(BuiltinAbs, v)
	case v.AsInt() == math.MinInt64:
		return Nil, &failure{Overflow, "abs of " + v.String()}
	case v.AsInt() < 0:
		return Int(-v.AsInt()), nil
	}
	return v, nil
}

// extreme returns the first argument that no later one is less (or greater) than. A single
// argument is compared with itself, so that it too must be a number or a string.
func extreme(op Opcode, args []Value) (Value, *failure) {
	best := args[0]
	if _, f := order(op, best, best); f != nil {
		return Nil, f
	}
	for _, v := range args[1:] {
		better, f := order(op, v, best)
		if f != nil {
			return Nil, f
		}
		if better.AsBool() {
			best = v
		}
	}
	return best, nil
}

func toInt(v Value) (Value, *failure) {
	switch v.kind {
	case IntKind:
		return v, nil
	case BoolKind:
		return Int(v.AsInt()), nil
	case FloatKind:
		f := v.AsFloat()
		switch {
		case f != f:
			return Nil, &failure{ValueError, "int of NaN"}
		case f >= 1<<63 || f < -1<<63:
			return Nil, &failure{Overflow, "int of " + v.String()}
		}
		return Int(int64(f)), nil
	case StringKind:
		digits := strings.TrimPrefix(v.AsString(), "-")
		if digits == "" || strings.Trim(digits, "0123456789") != "" {
			return Nil, &failure{ValueError, "int of " + v.describe()}
		}
		n, err := strconv.ParseInt(v.AsString(), 10, 64)
		if err != nil { // only its size can be wrong
			return Nil, &failure{Overflow, "int of " + v.describe()}
		}
		return Int(n), nil
	}
	return Nil, argumentError(BuiltinInt, v)
}

func toFloat(v Value) (Value, *failure) {
	switch v.kind {
	case IntKind, FloatKind:
		return Float(v.toFloat()), nil
	case StringKind:
		f, ok := parseFloat(v.AsString())
		if !ok {
			return Nil, &failure{ValueError, "float of " + v.describe()}
		}
		return Float(f), nil
	}
	return Nil, argumentError(BuiltinFloat, v)
}

// parseFloat reads a number as the language writes it: an optional -, digits with an optional
// fraction and exponent, or Inf, -Inf, NaN. Too large a number is infinite.
func parseFloat(text string) (float64, bool) {
	digits := strings.TrimPrefix(text, "-")
	switch {
	case text == "NaN":
		return math.NaN(), true
	case digits == "Inf" && text == digits:
		return math.Inf(1), true
	case digits == "Inf":
		return math.Inf(-1), true
	case digits == "" || strings.Trim(digits, "0123456789.eE+-") != "" || digits[0] < '0' || digits[0] > '9':
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil || math.IsInf(f, 0)
}

func rangeOf(args []Value, room int64) (Value, *failure) {
	for _, v := range args {
		if v.kind != IntKind {
			return Nil, argumentError(BuiltinRange, v)
		}
	}
	from, to := int64(0), args[0].AsInt()
	if len(args) == 2 {
		from, to = to, args[1].AsInt()
	}
	if to <= from {
		return List(), nil
	}
	n := uint64(to) - uint64(from) // may be more than an int64 holds
	if n > uint64(max(room, 0))/cell {
		return Nil, &failure{MemoryLimit, "range of " + strconv.FormatUint(n, 10) + " elements"}
	}
	items := make([]Value, n)
	for i := range items {
		items[i] = Int(from + int64(i))
	}
	return List(items...), nil
}

func sum(list Value) (Value, *failure) {
	if list.kind != ListKind {
		return Nil, argumentError(BuiltinSum, list)
	}
	total := Int(0)
	for _, v := range list.items() {
		if !v.isNumber() {
			return Nil, argumentError(BuiltinSum, v)
		}
		var f *failure
		if total, f = operate(Add, total, v); f != nil {
			return Nil, f
		}
	}
	return total, nil
}

func has(container, v Value) (Value, *failure) {
	switch {
	case container.kind == ListKind:
		for _, e := range container.items() {
			if Equal(e, v) {
				return Bool(true), nil
			}
		}
		return Bool(false), nil
	case container.kind == MapKind && v.CanBeKey():
		_, found := container.search(v)
		return Bool(found), nil
	case container.kind == StringKind && v.kind == StringKind:
		return Bool(strings.Contains(container.AsString(), v.AsString())), nil
	}
	return Nil, &failure{TypeError, "has of " + container.kind.String() + " and " + v.kind.String()}
}

func put(container, key, v Value) (Value, *failure) {
	switch {
	case container.kind == MapKind && key.CanBeKey():
		return Map(append(container.Entries(), Entry{key, v})...), nil
	case container.kind == ListKind && key.kind == IntKind:
		i := key.AsInt()
		if i < 0 || i >= int64(len(container.items())) {
			return Nil, indexError(container, i)
		}
		items := append([]Value(nil), container.items()...)
		items[i] = v
		return List(items...), nil
	}
	return Nil, &failure{TypeError, "put into " + container.kind.String() + " by " + key.describe()}
}

func slice(v, from, to Value) (Value, *failure) {
	if v.kind != StringKind && v.kind != ListKind || from.kind != IntKind || to.kind != IntKind {
		return Nil, &failure{TypeError, "slice of " + v.kind.String() + " from " + from.kind.String() + " to " + to.kind.String()}
	}
	low, high := from.AsInt(), to.AsInt()
	switch {
	case low < 0 || low > int64(v.Len()):
		return Nil, indexError(v, low)
	case high < low || high > int64(v.Len()):
		return Nil, indexError(v, high)
	case v.kind == StringKind:
		return String(v.AsString()[low:high]), nil
	}
	return List(append([]Value(nil), v.items()[low:high]...)...), nil
}
