package programs

import "synchrony/models/program"

// fork executes a body by several workers.
func (c *compiler) fork(s *scope, st statement, body []statement, ctx context) {
	most := c.options.MaxForkWorkers
	if ctx.forks > 0 {
		most = min(most, 3)
	}
	workers := 1 + of(st.a, most)
	if !c.afford(ctx.times * workers * 6 * (len(body) + 1)) {
		workers = 1
	}
	inside := ctx
	inside.times *= workers
	inside.forks++
	inside.workers = workers
	inside.block = &block{loops: ctx.loops}
	inside.direct, inside.diverges = true, false
	outside, before := s.has.contains(workerID), c.time
	c.emit(s, ctx, program.ForkExecution, int32(workers))
	s.has |= workerID.bit()
	c.body(s, body, inside)
	if !outside {
		s.has &^= workerID.bit()
	}
	c.emit(s, ctx, program.JoinWorkers, c.joinTimeout(st, (c.time-before)/int64(max(inside.times, 1))))
}

// joinTimeout returns the timeout, in ms, of a join whose workers take about so many ms.
func (c *compiler) joinTimeout(st statement, ms int64) int32 {
	if !c.numbers.joinLimit {
		return 0
	}
	return int32(max(1, []int64{ms, ms + 1, ms / 2, 10 * ms, ms - 1}[of(st.b, 5)]))
}

// barrier makes the workers of the fork meet. Where they may take different ways there is none, but for
// one that is meant to break: its own number makes sure that nobody takes it for another.
func (c *compiler) barrier(s *scope, st statement, ctx context) {
	const broken = 7
	inLoop := ctx.loops > ctx.block.loops
	switch {
	case c.numbers.unmatched && of(st.form, 2) == 1:
		c.load(s, ctx, workerID)
		skip := c.emit(s, ctx, program.JumpIfFalse)
		c.emit(s, ctx, program.BarrierSync, broken)
		s.land(skip)
	case ctx.diverges, inLoop && !c.numbers.racy: // phases of shared variables change in the block itself
		c.assignment(s, st, ctx)
	default:
		c.emit(s, ctx, program.BarrierSync, int32(of(st.a, 3)))
		ctx.block.phase++
	}
}

// sharedAccess reads or writes a shared variable.
func (c *compiler) sharedAccess(s *scope, st statement, ctx context) {
	s.shared = true
	if ctx.forks > 0 && !c.numbers.racy {
		c.disciplined(s, st, ctx)
		return
	}
	v := firstShared + variable(of(st.b, 4))
	form := of(st.form, 8)
	if ctx.pure {
		form = 2 // to read
	}
	switch {
	case form < 2:
		c.sharedWrite(s, st, ctx, v)
	case form < 4:
		c.sharedRead(s, st, ctx, v)
	case form < 6:
		if form == 5 {
			v = firstCount + variable(of(st.b, 2))
		}
		c.atomicAdd(s, st, ctx, v)
		c.storeInt(s, ctx, c.target(st.a), largestInt)
	case c.options.Plain:
		c.sharedWrite(s, st, ctx, v)
	default:
		if form == 6 && s.has.contains(v) {
			c.emit(s, ctx, program.SharedRead, c.name(v.name()))
			s.needs |= v.bit()
		} else {
			c.push(s, ctx, program.Nil) // the first one swaps, if nothing was written
		}
		c.integer(s, st, ctx)
		c.reduce(s, ctx)
		c.emit(s, ctx, program.AtomicCAS, c.name(v.name()))
		s.impure = true
		c.store(s, ctx, firstBool+variable(of(st.c, 2)))
	}
}

// disciplined accesses a shared variable so that no order of accesses by workers can be seen: counters are only added to,
// and every other variable is in turns, from barrier to barrier, its owner's and read by all. In a fork in a
// fork only counters are safe.
func (c *compiler) disciplined(s *scope, st statement, ctx context) {
	j := of(st.b, 4)
	v := firstShared + variable(j)
	form := of(st.form, 4)
	switch {
	case ctx.pure && (ctx.forks > 1 || (ctx.block.phase+j)%2 == 0):
		c.assignment(s, st, ctx)
	case !ctx.pure && (form == 3 || ctx.forks > 1):
		c.atomicAdd(s, st, ctx, firstCount+variable(of(st.b, 2)))
		c.emit(s, ctx, program.Pop)
	case (ctx.block.phase+j)%2 == 1:
		c.sharedRead(s, st, ctx, v)
	default:
		before := s.has
		c.load(s, ctx, workerID)
		c.pushInt(s, ctx, j%ctx.workers)
		c.emit(s, ctx, program.Eq)
		skip := c.emit(s, ctx, program.JumpIfFalse)
		inside := ctx
		inside.conditional = true
		if form == 0 {
			c.sharedRead(s, st, inside, v)
		} else {
			c.sharedWrite(s, st, inside, v)
		}
		s.has &= before
		s.land(skip)
	}
}

// sharedWrite writes a value of its own or, if the shared variable must be set, adds to what is there in
// two steps: what a lost update, or an attempt that counts twice, shows.
func (c *compiler) sharedWrite(s *scope, st statement, ctx context, v variable) {
	if s.has.contains(v) && of(st.variant, 2) == 1 {
		c.emit(s, ctx, program.SharedRead, c.name(v.name()))
		s.needs |= v.bit()
		c.pushInt(s, ctx, c.unique(0))
		c.emit(s, ctx, program.Add)
	} else if bound := c.integer(s, st, ctx); bound > largestInt {
		c.reduce(s, ctx)
	}
	c.emit(s, ctx, program.SharedWrite, c.name(v.name()))
	s.has |= v.bit()
	s.impure = true
}

// sharedRead reads into an int variable if the shared one must be set, and otherwise into one of any kind.
func (c *compiler) sharedRead(s *scope, st statement, ctx context, v variable) {
	c.emit(s, ctx, program.SharedRead, c.name(v.name()))
	if s.has.contains(v) {
		s.needs |= v.bit()
		c.storeInt(s, ctx, c.target(st.a), largestInt)
		return
	}
	c.store(s, ctx, anything)
}

// atomicAdd leaves the sum on the operand stack.
func (c *compiler) atomicAdd(s *scope, st statement, ctx context, v variable) {
	c.pushInt(s, ctx, c.unique(0))
	c.emit(s, ctx, program.AtomicAdd, c.name(v.name()))
	s.has |= v.bit()
	s.impure = true
}
