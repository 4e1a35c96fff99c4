package programs

import (
	"strconv"

	"synchrony/models/program"
)

// branch executes a body or not, or one of two.
func (c *compiler) branch(s *scope, st statement, body []statement, ctx context) {
	inside := ctx
	inside.conditional, inside.diverges = true, true
	before := s.has
	form := of(st.form, 8)
	if form == 7 {
		skip := c.emit(s, ctx, program.Jump)
		s.has = everything // nothing comes here
		c.body(s, body, inside)
		s.has = before
		s.land(skip)
		return
	}
	c.condition(s, st, ctx)
	op := program.JumpIfFalse
	if form == 5 {
		op = program.JumpIfTrue
	}
	skip := c.emit(s, ctx, op)
	if form < 3 || form == 5 {
		c.body(s, body, inside)
		s.has &= before
		s.land(skip)
		return
	}
	c.body(s, body[:len(body)/2], inside)
	end := c.emit(s, inside, program.Jump)
	s.land(skip)
	after := s.has
	s.has = before
	c.body(s, body[len(body)/2:], inside)
	s.has &= after
	s.land(end)
}

// repeat executes a body one to five times, and counts in a variable or on the operand stack.
func (c *compiler) repeat(s *scope, st statement, body []statement, ctx context) {
	count := 1 + of(st.a, 5)
	if !c.afford(ctx.times * count * 6 * (len(body) + 1)) {
		count = 1
	}
	inside := ctx
	inside.times *= count
	inside.repeated = inside.repeated || count > 1
	inside.loops++
	form := of(st.form, 8)
	counter := int32(-1)
	c.pushInt(s, ctx, count)
	if form < 5 {
		counter = c.counter(s, ctx)
		c.emit(s, ctx, program.StoreName, counter)
	}
	start := len(s.code)
	escapes := (form == 4 || form == 7) && ctx.forks == 0
	first := body
	if escapes {
		first = body[:len(body)/2]
	}
	c.body(s, first, inside)
	var escape int
	var escaped variables
	if escapes {
		c.condition(s, st, inside)
		escape = c.emit(s, inside, program.JumpIfTrue)
		escaped = s.has
		rest := inside
		rest.conditional = true
		c.body(s, body[len(body)/2:], rest)
	}
	if counter >= 0 {
		c.emit(s, inside, program.LoadName, counter)
	}
	c.pushInt(s, inside, 1)
	c.emit(s, inside, program.Sub)
	c.emit(s, inside, program.Dup)
	if counter >= 0 {
		c.emit(s, inside, program.StoreName, counter)
	}
	c.emit(s, inside, program.JumpIfTrue, int32(start))
	if escapes {
		s.has &= escaped
		s.land(escape)
	}
	if counter < 0 {
		c.emit(s, ctx, program.Pop)
	}
}

// counter returns the name of the variable that a loop counts in. In a function it is a local, so that
// a call does not change the counter of a loop around it.
func (c *compiler) counter(s *scope, ctx context) int32 {
	name := c.name("i" + strconv.Itoa(ctx.loops))
	if !s.inner {
		return name
	}
	for _, local := range s.locals {
		if local == name {
			return name
		}
	}
	s.locals = append(s.locals, name)
	return name
}

// hold leaves a value on the operand stack while a body is executed.
func (c *compiler) hold(s *scope, st statement, body []statement, ctx context) {
	form := of(st.form, 4)
	bound := float64(c.unique(0))
	if form == 0 {
		c.pushInt(s, ctx, c.unique(0))
	} else {
		bound = c.operand(s, ctx, st.b, 0)
	}
	to := c.target(st.a)
	c.body(s, body, ctx)
	switch {
	case form == 2 && !ctx.pure:
		c.print(s, ctx)
		return
	case form == 3:
		bound += c.operand(s, ctx, st.c, 1)
		c.emit(s, ctx, program.Add)
		if bound > largestInt {
			bound = c.reduce(s, ctx)
		}
	}
	c.storeInt(s, ctx, to, bound)
}

// leave returns an int, under a condition more often than not.
func (c *compiler) leave(s *scope, st statement, ctx context) {
	before := s.has
	always := of(st.form, 4) == 0
	var skip int
	if !always {
		c.condition(s, st, ctx)
		skip = c.emit(s, ctx, program.JumpIfFalse)
	}
	c.operand(s, ctx, st.b, 0)
	c.emit(s, ctx, program.Return)
	s.exits &= s.has
	s.has = everything // nothing comes here
	if !always {
		s.has = before
		s.land(skip)
	}
}
