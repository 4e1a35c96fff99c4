package programs

import (
	"math"

	"synchrony/generators/choice"
	"synchrony/models/program"
)

// statementKind is a kind of statement.
type statementKind struct {
	weight func(o *Options) int
	body   bool
	write  func(c *compiler, s *scope, st statement, body []statement, ctx context)
	where  func(ctx context) bool // nil: everywhere
}

func (k *statementKind) allowed(ctx context) bool { return k.where == nil || k.where(ctx) }

// statementKinds is ordered from simple to complex, as a shrinker prefers them.
func statementKinds() []statementKind {
	leaf := func(write func(*compiler, *scope, statement, context)) func(*compiler, *scope, statement, []statement, context) {
		return func(c *compiler, s *scope, st statement, _ []statement, ctx context) { write(c, s, st, ctx) }
	}
	effectful := func(ctx context) bool { return !ctx.pure }
	return []statementKind{
		{weight: func(*Options) int { return 20 }, write: leaf((*compiler).assignment)},
		{weight: func(o *Options) int { return o.Prints }, write: leaf((*compiler).printing), where: effectful},
		{weight: func(o *Options) int { return o.Values }, write: leaf((*compiler).value)},
		{weight: func(o *Options) int { return o.Collections }, write: leaf((*compiler).collection)},
		{weight: func(o *Options) int { return o.Rebuilds }, write: leaf((*compiler).rebuild)},
		{weight: func(o *Options) int { return o.Shared }, write: leaf((*compiler).sharedAccess)},
		{weight: func(o *Options) int { return o.Works }, write: leaf((*compiler).work), where: effectful},
		{weight: func(o *Options) int { return o.Barriers }, write: leaf((*compiler).barrier), where: func(ctx context) bool { return ctx.direct }},
		{weight: func(o *Options) int { return o.Holds }, body: true, write: (*compiler).hold},
		{weight: func(o *Options) int { return o.Branches }, body: true, write: (*compiler).branch},
		{weight: func(o *Options) int { return o.Loops }, body: true, write: (*compiler).repeat},
		{weight: func(o *Options) int { return o.Forks }, body: true, write: (*compiler).fork},
		{weight: func(o *Options) int { return o.Calls }, body: true, write: (*compiler).call},
		{weight: func(o *Options) int { return o.Maps }, body: true, write: (*compiler).parallelMap},
		{weight: func(o *Options) int { return o.Returns }, write: leaf((*compiler).leave), where: func(ctx context) bool { return !ctx.direct }},
	}
}

// weightTable is the weights of the kinds of statements in one sort of place.
type weightTable struct {
	weights []int
	total   int
}

func newWeightTable(kinds []statementKind, o Options) weightTable {
	var t weightTable
	for _, k := range kinds {
		w := k.weight(&o)
		t.weights = append(t.weights, w)
		t.total += w
	}
	return t
}

// inForks returns the options as they count in forks, where what workers do to each other
// is of more interest than what each does alone.
func (o Options) inForks() Options {
	o.Shared, o.Barriers = 4*o.Shared, 3*o.Barriers
	return o
}

// kindOf returns the kind that the statement's number means in the context.
func (c *compiler) kindOf(st statement, ctx context) *statementKind {
	t := &c.outside
	if ctx.forks > 0 {
		t = &c.inForks
	}
	return &c.kinds[choice.Locate(choice.Scale(st.kind, kindBits, t.total), t.weights)]
}

// value writes to a variable that is no int: a bool, a float or a string.
func (c *compiler) value(s *scope, st statement, ctx context) {
	switch of(st.form, 3) {
	case 0:
		c.boolean(s, st, ctx)
	case 1:
		c.float(s, st, ctx)
	default:
		c.text(s, st, ctx)
	}
}

// boolean stores a condition.
func (c *compiler) boolean(s *scope, st statement, ctx context) {
	c.condition(s, st, ctx)
	if of(st.c, 3) == 0 {
		c.condition(s, statement{variant: st.c, a: st.b, b: st.a}, ctx)
		c.emit(s, ctx, []program.Opcode{program.And, program.Or}[of(st.b, 2)])
	}
	c.store(s, ctx, firstBool+variable(of(st.a, 2)))
}

// float computes with floats, whose results are infinite or no number now and then.
func (c *compiler) float(s *scope, st statement, ctx context) {
	to := firstFloat + variable(of(st.a, 2))
	from := firstFloat + variable(of(st.b, 2))
	switch {
	case s.has.contains(from):
		c.load(s, ctx, from)
	default:
		c.operand(s, ctx, st.b, 0)
		c.builtin(s, ctx, program.BuiltinFloat, 1)
	}
	special := []float64{1.5, 0.1, math.Copysign(0, -1), 1e308, 3} // not a negative power of 0
	c.push(s, ctx, program.Float(special[of(st.c, len(special))]))
	ops := []program.Opcode{program.Add, program.Sub, program.Mul, program.Pow}
	c.emit(s, ctx, ops[of(st.variant, len(ops))])
	c.store(s, ctx, to)
}

// text computes with strings. They grow by constants only, or else they would double in a loop.
func (c *compiler) text(s *scope, st statement, ctx context) {
	to := firstString + variable(of(st.a, 2))
	from := firstString + variable(of(st.b, 2))
	switch form := of(st.variant, 4); {
	case form == 0 || form == 1 && !s.has.contains(from):
		c.push(s, ctx, c.word())
	case form == 1 || form == 2 && s.has.contains(from):
		c.load(s, ctx, from)
		c.push(s, ctx, c.word())
		c.emit(s, ctx, program.Add)
	default:
		c.operand(s, ctx, st.b, 0)
		c.builtin(s, ctx, program.BuiltinStr, 1)
	}
	c.store(s, ctx, to)
}
