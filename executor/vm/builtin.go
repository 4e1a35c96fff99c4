package vm

import (
	"math"
	"strconv"
	"strings"

	"synchrony/models/program"
)

// builtin executes CALL_BUILTIN.
func (m *machine) builtin(in *original) status {
	n := int(in.b)
	args := make([]program.Value, n)
	for i, c := range m.operands(in, n) {
		args[i] = m.unbox(c)
	}
	b := program.Builtin(in.a)
	switch b {
	case program.BuiltinWork:
		return m.work(in, args[0])
	case program.BuiltinMin, program.BuiltinMax:
		return m.extreme(in, b, args)
	case program.BuiltinRange:
		return m.rangeOf(in, args)
	case program.BuiltinSum:
		return m.sum(in, args[0])
	case program.BuiltinAbs, program.BuiltinInt, program.BuiltinFloat:
		return m.convert(in, b, args[0])
	case program.BuiltinStr:
		return m.built(in, n, program.String(args[0].Display()))
	case program.BuiltinType:
		return m.built(in, n, program.String(args[0].Kind().String()))
	default:
		return m.container(in, b, args)
	}
}

func (m *machine) argumentError(b program.Builtin, v program.Value) status {
	return m.fail(program.TypeError, b.String()+" of "+describe(v))
}

// give puts a result that memory is not charged for in place of the arguments.
func (m *machine) give(in *original, c cell) status {
	*m.operand(in, int(in.b)) = c
	return running
}

// giveValue puts any result in place of the arguments; a string, list or map is charged.
func (m *machine) giveValue(in *original, v program.Value) status {
	if c, ok := m.unit.scalar(v); ok {
		return m.give(in, c)
	}
	return m.built(in, int(in.b), v)
}

// work lets virtual time pass.
func (m *machine) work(in *original, v program.Value) status {
	switch {
	case v.Kind() != program.IntKind:
		return m.argumentError(program.BuiltinWork, v)
	case v.AsInt() < 0 || v.AsInt() > program.MaxTimeout:
		return m.fail(program.ValueError, "work of "+v.String()+" ms")
	case !m.advance(addSaturating(m.now, v.AsInt())):
		return late
	}
	return m.give(in, cell{tag: tagNil})
}

func (m *machine) extreme(in *original, b program.Builtin, args []program.Value) status {
	op := program.Lt
	if b == program.BuiltinMax {
		op = program.Gt
	}
	best := 0
	for i, v := range args { // the first is compared with itself: it must be a number or a string
		less, same, ok := ordered(v, args[best])
		if !ok {
			return m.fail(program.TypeError, op.String()+" of "+describe(v)+" and "+describe(args[best]))
		}
		if relates(op, less, same) {
			best = i
		}
	}
	return m.giveValue(in, args[best])
}

func (m *machine) rangeOf(in *original, args []program.Value) status {
	for _, v := range args {
		if v.Kind() != program.IntKind {
			return m.argumentError(program.BuiltinRange, v)
		}
	}
	from, to := int64(0), args[0].AsInt()
	if len(args) == 2 {
		from, to = to, args[1].AsInt()
	}
	if from >= to {
		return m.built(in, len(args), program.List())
	}
	n := uint64(to) - uint64(from)
	if n > uint64(max(m.maxMemory-m.memory, 0))/uint64(program.Nil.Size()) {
		return m.fail(program.MemoryLimit, "range of "+strconv.FormatUint(n, 10)+" elements")
	}
	items := make([]program.Value, n)
	for i := range items {
		items[i] = program.Int(from + int64(i))
	}
	return m.built(in, len(args), program.List(items...))
}

func (m *machine) sum(in *original, list program.Value) status {
	if list.Kind() != program.ListKind {
		return m.argumentError(program.BuiltinSum, list)
	}
	total, whole, exact := 0.0, int64(0), true
	for _, v := range list.Elements() {
		switch {
		case !number(v):
			return m.argumentError(program.BuiltinSum, v)
		case exact && v.Kind() == program.IntKind:
			next, ok := combine(program.Add, whole, v.AsInt())
			if !ok {
				return m.arithmeticError(program.Overflow, program.Add, program.Int(whole), v)
			}
			whole = next
		default:
			if exact {
				total, exact = float64(whole), false
			}
			c, _ := m.unit.scalar(v)
			total += c.number()
		}
	}
	if exact {
		return m.give(in, intCell(whole))
	}
	return m.give(in, floatCell(total))
}

// convert executes abs, int and float.
func (m *machine) convert(in *original, b program.Builtin, v program.Value) status {
	switch {
	case b == program.BuiltinAbs && v.Kind() == program.IntKind:
		if v.AsInt() == math.MinInt64 {
			return m.fail(program.Overflow, "abs of "+v.String())
		}
		return m.give(in, intCell(max(v.AsInt(), -v.AsInt())))
	case b == program.BuiltinAbs && v.Kind() == program.FloatKind:
		return m.give(in, floatCell(math.Abs(v.AsFloat())))
	case b == program.BuiltinInt:
		return m.toInt(in, v)
	case b == program.BuiltinFloat && number(v):
		c, _ := m.unit.scalar(v)
		return m.give(in, floatCell(c.number()))
	case b == program.BuiltinFloat && v.Kind() == program.StringKind:
		f, ok := floatLiteral(v.AsString())
		if !ok {
			return m.fail(program.ValueError, "float of "+describe(v))
		}
		return m.give(in, floatCell(f))
	}
	return m.argumentError(b, v)
}

func (m *machine) toInt(in *original, v program.Value) status {
	switch v.Kind() {
	case program.IntKind:
		return m.give(in, intCell(v.AsInt()))
	case program.BoolKind:
		if v.AsBool() {
			return m.give(in, intCell(1))
		}
		return m.give(in, intCell(0))
	case program.FloatKind:
		f := math.Trunc(v.AsFloat())
		switch {
		case math.IsNaN(f):
			return m.fail(program.ValueError, "int of NaN")
		case f < -0x1p63 || f >= 0x1p63:
			return m.fail(program.Overflow, "int of "+v.String())
		}
		return m.give(in, intCell(int64(f)))
	case program.StringKind:
		return m.parseInt(in, v)
	}
	return m.argumentError(program.BuiltinInt, v)
}

// parseInt reads a decimal number: digits, with a minus or not.
func (m *machine) parseInt(in *original, v program.Value) status {
	s := v.AsString()
	digits := strings.TrimPrefix(s, "-")
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			digits = ""
			break
		}
	}
	if digits == "" {
		return m.fail(program.ValueError, "int of "+describe(v))
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return m.fail(program.Overflow, "int of "+describe(v))
	}
	return m.give(in, intCell(n))
}

// floatLiteral reads a float as the assembler does.
func floatLiteral(s string) (float64, bool) {
	switch s {
	case "NaN":
		return math.NaN(), true
	case "Inf":
		return math.Inf(1), true
	case "-Inf":
		return math.Inf(-1), true
	}
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	for _, c := range []byte(digits) {
		if !strings.ContainsRune("0123456789.eE+-", rune(c)) {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil || math.IsInf(f, 0) // out of range is infinite
}
