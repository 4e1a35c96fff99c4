package programs

import (
	"math"

	"synchrony/models/program"
)

// extremeInts and extremeFloats are numbers at which arithmetic and comparisons change: where floats can't tell ints apart any
// more, and at the ends of the ints.
var (
	extremeInts   = []int64{0, -1, 1<<53 + 1, 1 << 53, math.MaxInt64, math.MinInt64}
	extremeFloats = []float64{0.5, 1 << 53, 1 << 63, -(1 << 63), math.Copysign(0, -1), math.Inf(1), math.NaN(), 3}
)

// pushAny pushes a constant.
func (w *shapeWriter) pushAny(st statement) {
	switch of(st.c, 16) {
	case 8:
		w.pushConstant(program.Int(extremeInts[of(st.b, len(extremeInts))]), intSort)
	case 9:
		w.pushConstant(program.Float(extremeFloats[of(st.b, len(extremeFloats))]), floatSort)
	case 10:
		w.pushConstant(program.Bool(of(st.b, 2) == 1), boolSort)
	case 11, 12:
		w.pushConstant(program.String(numbered("s", of(st.b, 9))), textSort)
	case 13:
		w.pushConstant(program.Nil, anySort)
	case 14, 15:
		w.pushConstant(program.List(program.Int(int64(of(st.b, 9))), program.Int(2)), listSort)
	default:
		w.pushConstant(program.Int(int64(of(st.b, 20))), intSort)
	}
}

// load loads a variable that has a value, or now and then one that may have none.
func (w *shapeWriter) load(st statement) {
	v := of(st.a, shapeVariables)
	if of(st.variant, 16) > 0 {
		for range shapeVariables {
			if w.variables[v] != absent {
				break
			}
			v = (v + 1) % shapeVariables
		}
	}
	w.loadFrom(v)
}

func (w *shapeWriter) loadFrom(v int) {
	w.emit(program.LoadName, w.name(shapeVariable(v)))
	w.push(max(w.variables[v], anySort))
	w.loaded = v
}

// unused loads a variable, whatever it has, for nobody: a machine must find out nevertheless that it has no value.
func (w *shapeWriter) unused(st statement) {
	if of(st.c, 3) == 0 {
		w.loadFrom(of(st.a, shapeVariables))
	}
}

// store stores into a variable, which may be the one that was loaded last: that value must stay what it is.
func (w *shapeWriter) store(st statement) {
	w.need(1)
	v := of(st.a, shapeVariables)
	if of(st.b, 3) == 0 {
		v = w.loaded
	}
	w.storeTo(v)
}

func (w *shapeWriter) duplicate(statement) {
	w.need(1)
	w.emit(program.Dup)
	w.push(w.top(0))
}

func (w *shapeWriter) pop(st statement) {
	w.unused(st)
	w.need(1)
	w.emit(program.Pop)
	w.drop(1)
}

func (w *shapeWriter) print(statement) {
	w.need(1)
	w.emit(program.Print)
	w.drop(1)
	w.pure = false
}

// make stores a string or a list that is made of a number, or of what a variable has: soon there is garbage.
func (w *shapeWriter) make(st statement) {
	from, to := of(st.a, shapeVariables), of(st.b, shapeVariables)
	kind := w.variables[from]
	if kind == textSort || kind == listSort {
		w.emit(program.LoadName, w.name(shapeVariable(from)))
		w.push(kind)
		if kind == textSort {
			w.pushConstant(program.String("t"), textSort)
			w.binary(program.Add, textSort)
		} else {
			w.pushConstant(program.Int(int64(len(w.code))), intSort)
			w.builtin(program.BuiltinAppend, 2, listSort)
		}
	} else {
		w.pushConstant(program.Int(int64(len(w.code))), intSort)
		if of(st.c, 3) > 0 {
			w.builtin(program.BuiltinStr, 1, textSort)
		} else {
			w.emit(program.BuildList, 1)
			w.stack[len(w.stack)-1] = listSort
		}
	}
	w.storeTo(to)
}

func (w *shapeWriter) binary(op program.Opcode, result sort) {
	w.emit(op)
	w.drop(2)
	w.push(result)
}

func (w *shapeWriter) builtin(b program.Builtin, n int, result sort) {
	w.emit(program.CallBuiltin, int32(b), int32(n))
	w.drop(n)
	w.push(result)
}

// combine does with the top two values what can be done with them; now and then anything.
func (w *shapeWriter) combine(st statement) { w.combineAs(st, of(st.form, 3) == 0) }

func (w *shapeWriter) combineAs(st statement, compares bool) {
	w.need(2)
	x, y := w.top(1), w.top(0)
	comparisons := []program.Opcode{program.Lt, program.Gt, program.Lte, program.Gte, program.Eq, program.Neq}
	arithmetic := []program.Opcode{program.Add, program.Sub, program.Mul, program.Div, program.Sub, program.Add, program.Mod, program.Pow}
	compare, compute := comparisons[of(st.b, len(comparisons))], arithmetic[of(st.c, len(arithmetic))]
	switch careless := of(st.variant, 24) == 0; {
	case careless && compares, compares && x.numeric() && y.numeric():
		w.binary(compare, boolSort)
	case careless:
		w.binary(compute, anySort)
	case x.numeric() && y.numeric():
		result := floatSort
		if x == intSort && y == intSort && compute != program.Pow {
			result = intSort
		}
		w.binary(compute, result)
	case x == boolSort && y == boolSort:
		w.binary([]program.Opcode{program.And, program.Or}[of(st.b, 2)], boolSort)
	case compares:
		w.binary([]program.Opcode{program.Eq, program.Neq}[of(st.b, 2)], boolSort)
	case x == y && (x == textSort || x == listSort):
		w.binary(program.Add, x)
	case x == listSort:
		w.builtin(program.BuiltinAppend, 2, listSort)
	default:
		w.emit(program.BuildList, 2)
		w.drop(2)
		w.push(listSort)
	}
}

// convert does with the top value what can be done with it.
func (w *shapeWriter) convert(st statement) {
	w.need(1)
	form := of(st.form, 4)
	switch x := w.top(0); {
	case x.numeric() && form == 0:
		w.emit(program.Neg)
	case x.numeric() && form == 1:
		w.builtin(program.BuiltinAbs, 1, x)
	case x == floatSort && form == 2:
		w.builtin(program.BuiltinInt, 1, intSort)
	case x == boolSort && form < 3:
		w.emit(program.Not)
	case x == textSort && form < 2, x == listSort && form < 2:
		w.builtin(program.BuiltinLen, 1, intSort)
	case form == 3:
		w.builtin(program.BuiltinType, 1, textSort)
	default:
		w.builtin(program.BuiltinStr, 1, textSort)
	}
}
