package programs

import (
	"strconv"

	"synchrony/models/program"
)

// word returns a string that names the statement.
func (c *compiler) word() program.Value { return program.String("s" + strconv.Itoa(c.unique(0))) }

// operand emits an int variable, or the k-th of the statement's constants if none has a value. It
// returns what its magnitude is at most.
func (c *compiler) operand(s *scope, ctx context, u uint64, k int) float64 {
	v, ok := c.readable(s, u)
	if !ok {
		c.pushInt(s, ctx, c.unique(k))
		return float64(c.unique(k))
	}
	c.load(s, ctx, v)
	if ctx.repeated || s.inner {
		return largestInt
	}
	return c.bounds[v]
}

// assignment computes an int and stores it.
func (c *compiler) assignment(s *scope, st statement, ctx context) {
	to := c.target(st.a)
	bound := c.integer(s, st, ctx)
	if bound > largestInt {
		bound = c.reduce(s, ctx)
	}
	c.storeInt(s, ctx, to, bound)
}

// reduce makes an int small.
func (c *compiler) reduce(s *scope, ctx context) float64 {
	const modulus = 9973
	c.pushInt(s, ctx, modulus)
	c.emit(s, ctx, program.Mod)
	return modulus
}

// integer emits an int expression and returns what its magnitude is at most. Products of variables
// are reduced first where their bounds are not known. Adding a constant is linear, so
// that it is counted as no growth in a loop.
func (c *compiler) integer(s *scope, st statement, ctx context) float64 {
	n := c.unique(0)
	small := 2 + of(st.c, 8)
	switch form := of(st.form, 16); form {
	case 0, 1, 2:
		if ctx.forks == 0 || form == 0 {
			c.pushInt(s, ctx, n)
			return float64(n)
		}
		// A value that names its worker, too.
		c.load(s, ctx, workerID)
		c.pushInt(s, ctx, 1000)
		c.emit(s, ctx, program.Mul)
		c.pushInt(s, ctx, n)
		c.emit(s, ctx, program.Add)
		return float64(n) + 1e5
	case 3:
		return c.operand(s, ctx, st.b, 0)
	case 4, 5:
		bound := c.operand(s, ctx, st.b, 0)
		c.pushInt(s, ctx, n)
		c.emit(s, ctx, []program.Opcode{program.Add, program.Sub}[of(st.variant, 2)])
		if bound == largestInt {
			return bound
		}
		return bound + float64(n)
	case 6, 7, 8:
		bound := c.operand(s, ctx, st.b, 0) + c.operand(s, ctx, st.c, 1)
		c.emit(s, ctx, []program.Opcode{program.Add, program.Sub}[of(st.variant, 2)])
		return bound
	case 9:
		bound := c.operand(s, ctx, st.b, 0)
		c.pushInt(s, ctx, small)
		c.emit(s, ctx, program.Mul)
		return bound * float64(small)
	case 10: // i*2 + i*3
		for k := range 2 {
			c.pushInt(s, ctx, n)
			c.pushInt(s, ctx, small+k)
			c.emit(s, ctx, program.Mul)
		}
		c.emit(s, ctx, program.Add)
		return float64(n * (2*small + 1))
	default:
		return c.unusual(s, st, ctx, form-11, small)
	}
}

// unusual emits a rarer int expression.
func (c *compiler) unusual(s *scope, st statement, ctx context, form, small int) float64 {
	bound := c.operand(s, ctx, st.b, 0)
	switch form {
	case 0:
		c.pushInt(s, ctx, small)
		c.emit(s, ctx, []program.Opcode{program.Div, program.Mod}[of(st.variant, 2)])
	case 1:
		if of(st.variant, 2) == 0 || c.options.Plain {
			c.emit(s, ctx, program.Neg)
		} else {
			c.builtin(s, ctx, program.BuiltinAbs, 1)
		}
	case 2:
		if c.options.Plain {
			break
		}
		bound = max(bound, c.operand(s, ctx, st.c, 1))
		c.builtin(s, ctx, []program.Builtin{program.BuiltinMin, program.BuiltinMax}[of(st.variant, 2)], 2)
	case 3:
		if bound > 1e6 {
			bound = c.reduce(s, ctx)
		}
		if of(st.variant, 2) == 0 || c.options.Plain {
			c.emit(s, ctx, program.Dup)
			c.emit(s, ctx, program.Mul)
		} else {
			c.pushInt(s, ctx, 2)
			c.emit(s, ctx, program.Pow)
		}
		bound *= bound
	default:
		if c.options.Plain {
			break
		}
		c.builtin(s, ctx, program.BuiltinStr, 1)
		c.builtin(s, ctx, []program.Builtin{program.BuiltinInt, program.BuiltinLen}[of(st.variant, 2)], 1)
		bound = max(bound, 20)
	}
	return bound
}

// condition emits a bool.
func (c *compiler) condition(s *scope, st statement, ctx context) {
	comparisons := []program.Opcode{program.Eq, program.Neq, program.Lt, program.Gt, program.Lte, program.Gte}
	compare := comparisons[of(st.b, len(comparisons))]
	flag := firstBool + variable(of(st.c, 2))
	switch form := of(st.variant, 8); {
	case ctx.forks > 0 && form < 3:
		c.load(s, ctx, workerID)
		c.pushInt(s, ctx, of(st.a, max(1, ctx.workers)))
		c.emit(s, ctx, compare)
	case form < 3:
		c.push(s, ctx, program.Bool(form == 1))
	case form == 3 && s.has.contains(flag):
		c.load(s, ctx, flag)
		c.emit(s, ctx, program.Not)
	case form < 6:
		c.operand(s, ctx, st.a, 0)
		c.pushInt(s, ctx, of(st.c, 4)*c.unique(0)/3)
		c.emit(s, ctx, compare)
	default:
		c.operand(s, ctx, st.a, 0)
		c.operand(s, ctx, st.c, 1)
		c.emit(s, ctx, compare)
	}
}

// printing prints something.
func (c *compiler) printing(s *scope, st statement, ctx context) {
	v := firstBool + variable(of(st.a, int(firstShared-firstBool)))
	switch form := of(st.form, 4); {
	case form == 0 && c.options.Plain:
		c.pushInt(s, ctx, c.unique(0))
	case form == 0:
		c.push(s, ctx, c.word())
	case form == 3 && s.has.contains(v):
		c.load(s, ctx, v)
	case form == 1 && ctx.forks > 0:
		c.load(s, ctx, workerID)
	default:
		c.operand(s, ctx, st.b, 0)
	}
	c.print(s, ctx)
}

// work takes virtual time.
func (c *compiler) work(s *scope, st statement, ctx context) {
	ms := 1 + of(st.a, 9)
	if of(st.form, 3) == 2 && ctx.forks > 0 { // workers that take different times
		c.load(s, ctx, workerID)
		ms = 16
	} else {
		c.pushInt(s, ctx, ms)
	}
	c.builtin(s, ctx, program.BuiltinWork, 1)
	c.emit(s, ctx, program.Pop)
	c.time += int64(ms * ctx.times)
}
