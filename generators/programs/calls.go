package programs

import (
	"strconv"

	"synchrony/models/program"
)

// parameter is the name of every function's parameter.
const parameter = "p"

// begin starts a function whose body stands in ctx, and returns the context inside it.
func (c *compiler) begin(outer *scope, ctx context, params int) (*scope, context) {
	s := &scope{function: len(c.program.Functions), inner: true, has: outer.has, exits: everything}
	name := "f" + strconv.Itoa(s.function)
	c.program.Functions = append(c.program.Functions, program.Function{Name: name, Params: params})
	if params > 0 {
		s.locals = append(s.locals, c.name(parameter))
	}
	ctx.loops, ctx.direct, ctx.elements = 0, false, 0
	return s, ctx
}

// end completes a function and tells the caller's scope what it needs and does.
func (c *compiler) end(s, outer *scope) {
	s.exits &= s.has
	c.finish(s)
	outer.calls(s.needs, s.shared, s.impure)
}

// calls records that the scope calls something that needs and does this.
func (s *scope) calls(needs variables, shared, impure bool) {
	if s.inner {
		s.needs |= needs
	}
	s.shared = s.shared || shared
	s.impure = s.impure || impure
}

// constantOf returns the function's value.
func (c *compiler) constantOf(s *scope) program.Value {
	return program.Func(c.program.Functions[s.function].Name)
}

// call puts a body into a function and calls it, or calls an earlier one again.
func (c *compiler) call(s *scope, st statement, body []statement, ctx context) {
	form := of(st.form, 12)
	if form >= 9 && c.again(s, st, ctx) {
		c.body(s, body, ctx)
		return
	}
	if form == 8 {
		c.recursion(s, st, body, ctx)
		return
	}
	number := form%2 == 1
	params := 0
	if number {
		params = 1
	}
	before, steps, time := s.has, c.steps, c.time
	f, inside := c.begin(s, ctx, params)
	c.body(f, body, inside)
	if number {
		c.result(f, st, inside)
	}
	c.end(f, s)
	times := max(ctx.times, 1)
	c.done = append(c.done, finished{
		name: c.program.Functions[f.function].Name, needs: f.needs, gives: f.exits &^ before, params: params,
		steps: (c.steps-steps)/times + 1, time: (c.time - time) / int64(times),
		pure: !f.impure, shared: f.shared,
	})
	c.invoke(s, st, ctx, c.constantOf(f), params, form)
	s.has = f.exits
	c.use(s, st, ctx, number)
}

// invoke emits a call, in one of three ways.
func (c *compiler) invoke(s *scope, st statement, ctx context, f program.Value, params, form int) {
	constant := c.constant(f)
	if ctx.pure || c.options.Plain || form < 4 || form > 7 {
		c.arguments(s, st, ctx, params)
		c.emit(s, ctx, program.CallFuncConst, constant, int32(params))
		return
	}
	s.impure = true // the validator takes it for a call of any function
	if form < 6 {
		name := c.name("fn")
		c.emit(s, ctx, program.StoreFunc, name, constant)
		c.arguments(s, st, ctx, params)
		c.emit(s, ctx, program.CallName, name, int32(params))
		return
	}
	c.emit(s, ctx, program.LoadConst, constant)
	c.arguments(s, st, ctx, params)
	c.emit(s, ctx, program.CallTop, int32(params))
}

func (c *compiler) arguments(s *scope, st statement, ctx context, params int) {
	for k := range params {
		c.operand(s, ctx, st.b, k+2)
	}
}

// result emits a return of the sum of the parameter and a constant or an operand.
func (c *compiler) result(s *scope, st statement, ctx context) {
	c.emit(s, ctx, program.LoadName, c.name(parameter))
	if of(st.span, 2) == 0 {
		c.pushInt(s, ctx, c.unique(4))
		c.emit(s, ctx, program.Add)
	} else {
		c.operand(s, ctx, st.c, 4)
		c.emit(s, ctx, program.Add)
		c.reduce(s, ctx)
	}
	c.emit(s, ctx, program.Return)
	s.exits &= s.has
	s.has = everything
}

// use consumes a call's result, which is an int or unknown.
func (c *compiler) use(s *scope, st statement, ctx context, number bool) {
	switch {
	case number:
		c.storeInt(s, ctx, c.target(st.a), largestInt)
	case of(st.variant, 4) == 3:
		c.store(s, ctx, anything)
	default:
		c.emit(s, ctx, program.Pop)
	}
}

// again calls a function that is complete; false if there is none that may be called here.
func (c *compiler) again(s *scope, st statement, ctx context) bool {
	if len(c.done) == 0 {
		return false
	}
	f := c.done[of(st.c, len(c.done))]
	switch {
	case f.needs&^s.has != 0,
		ctx.pure && !f.pure,
		ctx.forks > 0 && f.shared && !c.numbers.racy,
		!c.afford(ctx.times * (f.steps + 2)):
		return false
	}
	s.calls(f.needs, f.shared, !f.pure)
	c.steps += ctx.times * f.steps
	c.time += int64(ctx.times) * f.time
	c.invoke(s, st, ctx, program.Func(f.name), f.params, of(st.variant, 8))
	s.has |= f.gives
	c.use(s, st, ctx, f.params > 0)
	return true
}

// recursion puts a body into a function that executes it once for each level of one to four.
func (c *compiler) recursion(s *scope, st statement, body []statement, ctx context) {
	levels := 1 + of(st.b, 4)
	if !c.afford(ctx.times * levels * 6 * (len(body) + 2)) {
		levels = 1
	}
	f, inside := c.begin(s, ctx, 1)
	inside.times *= levels + 1
	inside.repeated = true
	itself := c.constant(c.constantOf(f))
	c.emit(f, inside, program.LoadName, c.name(parameter))
	bottom := c.emit(f, inside, program.JumpIfFalse)
	entry := f.has
	c.body(f, body, inside)
	c.emit(f, inside, program.LoadName, c.name(parameter))
	c.pushInt(f, inside, 1)
	c.emit(f, inside, program.Sub)
	c.emit(f, inside, program.CallFuncConst, itself, 1)
	c.emit(f, inside, program.LoadName, c.name(parameter))
	c.emit(f, inside, program.Add)
	c.emit(f, inside, program.Return)
	f.exits &= f.has
	f.land(bottom)
	f.has = entry
	c.pushInt(f, inside, c.unique(0))
	c.emit(f, inside, program.Return)
	c.end(f, s)
	c.pushInt(s, ctx, levels)
	c.emit(s, ctx, program.CallFuncConst, itself, 1)
	s.has = f.exits
	c.storeInt(s, ctx, c.target(st.a), largestInt)
}

// parallelMap puts a body into a function and maps a list with it. What the function
// writes is dropped.
func (c *compiler) parallelMap(s *scope, st statement, body []statement, ctx context) {
	elements := 1 + of(st.a, 6)
	from := firstList + variable(of(st.b, 2))
	form := of(st.form, 8)
	factor := elements
	if form >= 6 {
		factor = 10 // a list of unknown length
	}
	if !c.afford(ctx.times * factor * 6 * (len(body) + 1)) {
		form, elements, factor = 0, 1, 1
	}
	f, inside := c.begin(s, ctx, 1)
	inside.times *= factor
	inside.pure, inside.elements = true, elements
	c.body(f, body, inside)
	c.mapResult(f, st, inside)
	c.end(f, s)
	switch {
	case form == 5:
		c.push(s, ctx, program.List())
	case form >= 6 && s.has.contains(from):
		c.load(s, ctx, from)
	case form >= 3:
		c.pushInt(s, ctx, elements)
		c.builtin(s, ctx, program.BuiltinRange, 1)
	default:
		items := make([]program.Value, elements)
		for k := range items {
			items[k] = program.Int(int64(c.unique(k)))
		}
		c.push(s, ctx, program.List(items...))
	}
	c.emit(s, ctx, program.ParallelMap, c.constant(c.constantOf(f)))
	if form == 5 {
		c.emit(s, ctx, program.Pop)
		return
	}
	c.store(s, ctx, firstList+variable(of(st.c, 2)))
}

// mapResult emits the return of a mapped function: often something that all the body's work went into.
func (c *compiler) mapResult(s *scope, st statement, ctx context) {
	if of(st.variant, 3) > 0 {
		c.result(s, st, ctx)
		return
	}
	c.emit(s, ctx, program.LoadName, c.name(parameter))
	c.emit(s, ctx, program.Return)
	s.exits &= s.has
	s.has = everything
}
