package programs

import (
	"math"
	"sync"

	"synchrony/models/program"
)

// operation is an instruction, or a builtin, with what its operands may be: values of each kind at which what it does changes.
type operation struct {
	op       program.Opcode
	builtin  program.Builtin // of CallBuiltin
	operands [][]program.Value
	result   sort
}

func ints(list ...int64) (all []program.Value) {
	for _, n := range list {
		all = append(all, program.Int(n))
	}
	return all
}

func floats(list ...float64) (all []program.Value) {
	for _, x := range list {
		all = append(all, program.Float(x))
	}
	return all
}

func texts(list ...string) (all []program.Value) {
	for _, s := range list {
		all = append(all, program.String(s))
	}
	return all
}

func join(lists ...[]program.Value) (all []program.Value) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func mapOf(list ...int64) program.Value {
	var entries []program.Entry
	for i := 0; i < len(list); i += 2 {
		entries = append(entries, program.Entry{Key: program.Int(list[i]), Value: program.Int(list[i+1])})
	}
	return program.Map(entries...)
}

// operations are the instructions and builtins that compute a value from others.
var operations = sync.OnceValue(func() []operation {
	whole := ints(0, 1, -1, 2, 3, -7, 1<<53, 1<<53+1, math.MaxInt64, math.MinInt64, math.MinInt64+1, 1<<32)
	real := floats(0, math.Copysign(0, -1), 0.5, -2.5, 3, 1<<53, 1<<63, -(1 << 63), 1e308, math.Inf(1), math.Inf(-1), math.NaN())
	numbers, truth := join(whole, real), []program.Value{program.Bool(false), program.Bool(true)}
	words := texts("", "a", "ab", "b", "aé", "A")
	numerals := texts("12", "-5", "+3", "007", "0x10", "1e3", "-1e400", "1E-2", "Inf", "-Inf", "NaN", "nan", "-", "", "1.5", "-0", "9223372036854775808", "-9223372036854775808", "1_0", "2x", "1,5", ".5", "5.", "--1")
	digits := texts("0", "7", "9", "-3", "/", ":") // of one digit, and what is next to digits
	lists := []program.Value{
		program.List(), program.List(program.Int(1)), program.List(program.Int(2)), program.List(program.Float(1)), program.List(program.Int(1), program.Int(2)), program.List(program.Int(1), program.Int(3)),
		program.List(program.String("a")), program.List(program.List(program.Int(1)), program.Nil), program.List(program.Float(0.5), program.Int(-1)), program.List(program.Float(math.NaN())),
		program.List(program.Int(math.MaxInt64), program.Int(1)), program.List(program.Int(math.MaxInt64), program.Float(1)), program.List(program.Int(math.MinInt64), program.Int(-1)),
	}
	maps := []program.Value{
		mapOf(), mapOf(1, 2), mapOf(1, 3), mapOf(2, 2), mapOf(1, 2, 3, 4), mapOf(1, 2, 5, 4), mapOf(3, 4, 1, 2),
		program.Map(program.Entry{Key: program.String("a"), Value: program.Int(2)}), program.Map(program.Entry{Key: program.Int(1), Value: program.Float(2)}), program.Map(program.Entry{Key: program.Bool(true), Value: program.Nil}),
	}
	others := []program.Value{program.Nil, program.Bool(true), program.Int(1), program.Float(1), program.String("a")}
	anything := join(others, lists[:6], maps[:4])
	small := ints(0, 1, 2, 3, -1)

	var all []operation
	add := func(op program.Opcode, result sort, operands ...[]program.Value) {
		all = append(all, operation{op: op, operands: operands, result: result})
	}
	call := func(b program.Builtin, result sort, operands ...[]program.Value) {
		all = append(all, operation{op: program.CallBuiltin, builtin: b, operands: operands, result: result})
	}
	for _, op := range []program.Opcode{program.Add, program.Sub, program.Mul, program.Div, program.Mod, program.Pow} {
		add(op, anySort, numbers, numbers)
	}
	for _, op := range []program.Opcode{program.Lt, program.Gt, program.Lte, program.Gte} {
		add(op, boolSort, numbers, numbers)
	}
	for _, op := range []program.Opcode{program.Eq, program.Neq} {
		add(op, boolSort, numbers, numbers)
		add(op, boolSort, maps, maps)
		add(op, boolSort, maps[1:4], maps[1:4])
		add(op, boolSort, lists, lists)
		add(op, boolSort, anything, anything)
	}
	for _, op := range []program.Opcode{program.Add, program.Sub, program.Mul} { // in range, or just not
		add(op, anySort, ints(math.MaxInt64, math.MinInt64, math.MaxInt64-1), ints(0, 1, -1, 2))
	}
	add(program.Neg, anySort, numbers)
	add(program.Neg, floatSort, real)
	add(program.Not, boolSort, truth)
	add(program.Add, textSort, words, words)
	add(program.Lt, boolSort, words, words)
	call(program.BuiltinAbs, anySort, numbers)
	call(program.BuiltinInt, intSort, join(truth, whole, real[:5], numerals))
	call(program.BuiltinFloat, floatSort, numerals)
	call(program.BuiltinFloat, floatSort, numerals[8:11])
	call(program.BuiltinFloat, floatSort, digits)
	call(program.BuiltinInt, intSort, digits)
	call(program.BuiltinFloat, floatSort, numbers)
	call(program.BuiltinStr, textSort, join(numbers, anything))
	call(program.BuiltinType, textSort, anything)
	call(program.BuiltinLen, intSort, join(words, lists, maps))
	call(program.BuiltinMin, anySort, numbers, numbers, numbers)
	call(program.BuiltinMax, anySort, numbers, numbers)
	call(program.BuiltinMax, textSort, words, words)
	call(program.BuiltinAppend, listSort, lists, anything)
	call(program.BuiltinKeys, listSort, maps)
	call(program.BuiltinValues, listSort, maps)
	call(program.BuiltinHas, boolSort, lists, anything)
	call(program.BuiltinHas, boolSort, maps, join(small, words))
	call(program.BuiltinHas, boolSort, words, words)
	call(program.BuiltinPut, anySort, maps, join(small, words, truth), anything)
	call(program.BuiltinPut, listSort, lists[1:], small[:1], anything)
	call(program.BuiltinSlice, listSort, lists[4:], small[:1], small[:2])
	call(program.BuiltinSlice, textSort, words[2:3], small[:2], small[1:3])
	call(program.BuiltinRange, listSort, small)
	call(program.BuiltinRange, listSort, small, small)
	call(program.BuiltinSum, anySort, lists)
	call(program.BuiltinSum, anySort, lists[len(lists)-3:])
	return all
})

// operate computes a value from values at which the operation changes, and shows it or keeps it. Some of the operands have been in a variable.
func (w *shapeWriter) operate(st statement) {
	all := operations()
	o := all[of(st.form, len(all))]
	for k, pool := range o.operands {
		at := []uint64{st.a, st.b, st.c}[k]
		w.pushConstant(pool[int(at)%len(pool)], anySort)
		if of(st.span, 3) == k {
			w.storeTo(shapeVariables - 1)
			w.loadFrom(shapeVariables - 1)
		}
	}
	if o.op == program.CallBuiltin {
		w.builtin(o.builtin, len(o.operands), o.result)
	} else {
		w.emit(o.op)
		w.drop(len(o.operands))
		w.push(o.result)
	}
	if of(st.variant, 2) == 0 {
		w.print(st)
	} else {
		w.storeTo(of(st.a, shapeVariables))
	}
}
