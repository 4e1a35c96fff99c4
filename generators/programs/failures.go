package programs

import (
	"math"

	"synchrony/models/program"
)

// mistake is a way to fail: operands and the instruction that can't take them. It leaves one value.
type mistake struct {
	operands []program.Value
	op       program.Opcode
	a, b     int32
}

// mistakes are ways to fail, the simplest first. It is never written.
var mistakes = []mistake{
	{[]program.Value{program.Int(1), program.Int(0)}, program.Div, 0, 0},
	{[]program.Value{program.Int(7), program.Int(0)}, program.Mod, 0, 0},
	{[]program.Value{program.Float(7), program.Int(0)}, program.Div, 0, 0},
	{[]program.Value{program.String("s"), program.Int(1)}, program.Sub, 0, 0},
	{[]program.Value{program.Nil}, program.Neg, 0, 0},
	{[]program.Value{program.String("s"), program.Int(1)}, program.Lt, 0, 0},
	{[]program.Value{program.List(program.Int(1)), program.Int(7)}, program.Index, 0, 0},
	{[]program.Value{program.Map(), program.String("k")}, program.Index, 0, 0},
	{[]program.Value{program.Float(1), program.Int(7)}, program.BuildMap, 1, 0},
	{[]program.Value{program.Int(math.MaxInt64), program.Int(1)}, program.Add, 0, 0},
	{[]program.Value{program.Int(math.MaxInt64), program.Int(7)}, program.Mul, 0, 0},
	{[]program.Value{program.Int(math.MinInt64)}, program.Neg, 0, 0},
	{[]program.Value{program.Int(7)}, program.CallTop, 0, 0},
	{[]program.Value{program.String("one")}, program.CallBuiltin, int32(program.BuiltinInt), 1},
	{[]program.Value{program.Nil}, program.CallBuiltin, int32(program.BuiltinLen), 1},
	{[]program.Value{program.Int(0), program.Int(-1)}, program.Pow, 0, 0},
}

// failure fails: for constant operands, for an undefined name, for a variable's value, or in one
// worker or for one element only; or in two, each in another place, so that it can be told whose error is reported.
func (c *compiler) failure(s *scope, st statement, ctx context) {
	switch form := of(st.form, 8); {
	case form == 7:
		c.emit(s, ctx, program.LoadName, c.name("missing"))
	case form >= 5 && ctx.forks > 0:
		c.failureOfOne(s, ctx, form, of(st.a, ctx.workers), ctx.workers, func() { c.load(s, ctx, workerID) })
	case form >= 3 && ctx.elements > 0:
		c.failureOfOne(s, ctx, form, of(st.a, ctx.elements), ctx.elements, func() {
			c.emit(s, ctx, program.LoadName, c.name(parameter))
			c.pushInt(s, ctx, ctx.elements)
			c.emit(s, ctx, program.Mod)
		})
	case form >= 5:
		c.operand(s, ctx, st.b, 0)
		c.pushInt(s, ctx, 0)
		c.emit(s, ctx, program.Mul)
		c.emit(s, ctx, program.Dup)
		c.emit(s, ctx, program.Div)
	default:
		known := mistakes
		if c.options.Plain {
			known = mistakes[:2]
		}
		f := known[of(st.variant, len(known))]
		if f.op == program.CallTop && ctx.pure {
			f = mistakes[0] // the validator takes the other for a call of any function
		}
		for _, v := range f.operands {
			c.push(s, ctx, v)
		}
		s.impure = s.impure || f.op == program.CallTop
		c.emit(s, ctx, f.op, f.a, f.b)
	}
	c.storeInt(s, ctx, c.target(st.a), largestInt)
}

// failureOfOne fails in that one of n workers, or for that one of n elements; with an even form at a later instruction also for the next.
func (c *compiler) failureOfOne(s *scope, ctx context, form, one, n int, number func()) {
	divide := func(one int) {
		c.pushInt(s, ctx, 10)
		number()
		c.pushInt(s, ctx, one)
		c.emit(s, ctx, program.Sub)
		c.emit(s, ctx, program.Div)
	}
	divide(one)
	if form%2 == 0 && n > 1 {
		divide((one + 1) % n)
		c.emit(s, ctx, program.Add)
	}
}
