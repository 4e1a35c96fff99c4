package programs

import (
	"slices"

	"synchrony/models/program"
)

// shapeKind is a kind of statement of programs of any shape.
type shapeKind struct {
	weight int
	write  func(w *shapeWriter, st statement, body []statement)
	body   bool
}

// shapeKinds are ordered from simple to complex, as a shrinker prefers them.
func shapeKinds() []shapeKind {
	leaf := func(write func(*shapeWriter, statement)) func(*shapeWriter, statement, []statement) {
		return func(w *shapeWriter, st statement, _ []statement) { write(w, st) }
	}
	return []shapeKind{
		{weight: 12, write: leaf((*shapeWriter).pushAny)},
		{weight: 12, write: leaf((*shapeWriter).load)},
		{weight: 12, write: leaf((*shapeWriter).store)},
		{weight: 12, write: leaf((*shapeWriter).combine)},
		{weight: 6, write: leaf((*shapeWriter).convert)},
		{weight: 8, write: leaf((*shapeWriter).make)},
		{weight: 10, write: leaf((*shapeWriter).operate)},
		{weight: 5, write: leaf((*shapeWriter).duplicate)},
		{weight: 2, write: leaf((*shapeWriter).pop)},
		{weight: 2, write: leaf((*shapeWriter).print)},
		{weight: 12, body: true, write: (*shapeWriter).branch},
		{weight: 3, body: true, write: (*shapeWriter).loop},
		{weight: 4, body: true, write: (*shapeWriter).fork},
		{weight: 6, write: leaf((*shapeWriter).call)},
		{weight: 2, write: leaf((*shapeWriter).mapped)},
		{weight: 2, write: leaf((*shapeWriter).leave)},
	}
}

// body writes statements that follow each other.
func (w *shapeWriter) body(statements []statement) {
	kinds := shapeKinds()
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	for len(statements) > 0 {
		st, rest := statements[0], statements[1:]
		at := int(st.kind) * total >> kindBits
		k := 0
		for ; at >= kinds[k].weight; k++ {
			at -= kinds[k].weight
		}
		taken := 0
		if kinds[k].body {
			taken = min(of(st.span, 6), len(rest))
		}
		if w.nesting < shapeNesting || !kinds[k].body {
			w.nesting++
			kinds[k].write(w, st, rest[:taken])
			w.nesting--
			rest = rest[taken:]
		}
		w.level(min(len(w.stack), shapeStack))
		statements = rest
	}
}

// branch writes a body that is executed or not, or two of which one is, and which leave equally many values; under a condition whose value
// stays on the stack, or not; or a jump over a body that nothing comes to.
func (w *shapeWriter) branch(st statement, body []statement) {
	form := of(st.form, 8)
	op := []program.Opcode{program.JumpIfFalse, program.JumpIfTrue}[of(st.variant, 2)]
	if form == 7 {
		op = program.Jump
	} else {
		w.condition(st)
	}
	skip := w.emit(op)
	before := w.copied()
	w.dead = op == program.Jump
	if form < 4 || form == 7 {
		w.body(body)
		w.level(len(before.stack))
		w.land(skip)
		w.shapeState = w.meet(before)
		w.dead = before.dead
		return
	}
	w.body(body[:len(body)/2])
	end := w.emit(program.Jump)
	first := w.copied()
	w.land(skip)
	w.shapeState = before.copied()
	w.body(body[len(body)/2:])
	w.level(len(first.stack))
	w.land(end)
	w.shapeState = first.meet(w.shapeState)
}

// condition leaves what a branch is to depend on: any value will do.
func (w *shapeWriter) condition(st statement) {
	w.need(1)
	if of(st.a, 4) > 0 && w.top(0) != boolSort {
		w.pushAny(st)
		w.combineAs(st, true)
	}
	if of(st.b, 3) == 0 {
		w.duplicate(st)
	}
	w.drop(1)
}

// loop executes a body one to three times, or in a fork, half of the time, by workers of a fork in that.
func (w *shapeWriter) loop(st statement, body []statement) {
	if w.forks == 1 && of(st.b, 2) == 0 {
		w.fork(st, body)
		return
	}
	counter := w.name(numbered("i", w.number*100+w.counters))
	w.counters++
	w.emit(program.LoadConst, w.constant(program.Int(int64(1+of(st.a, 3)))))
	w.emit(program.StoreName, counter)
	top := len(w.code)
	depth := len(w.stack)
	entry := w.copied()
	for i := range w.stack { // what a turn leaves there is what the next one finds
		w.stack[i] = anySort
	}
	for v, s := range w.variables {
		if s != absent {
			w.variables[v] = anySort
		}
	}
	w.body(body)
	w.level(depth)
	dead := w.dead
	w.emit(program.LoadName, counter)
	w.emit(program.LoadConst, w.constant(program.Int(1)))
	w.emit(program.Sub)
	w.emit(program.Dup)
	w.emit(program.StoreName, counter)
	w.emit(program.JumpIfTrue, int32(top))
	w.shapeState = w.meet(entry)
	w.dead = dead || entry.dead
}

// fork executes a body by several workers, while what is on the stack waits. In a fork, the workers first read a string or list from outside,
// which whoever forks stores anew afterwards.
func (w *shapeWriter) fork(st statement, body []statement) {
	if w.forks == 2 {
		w.body(body)
		return
	}
	held, boxed := w.stack, -1
	if w.forks == 1 {
		boxed = slices.IndexFunc(w.variables[:], func(s sort) bool { return s == textSort || s == listSort })
	}
	w.emit(program.ForkExecution, int32(1+of(st.a, 3)))
	w.stack = nil
	w.forks++
	if of(st.b, 2) == 0 {
		w.someStore(st)
	}
	if boxed >= 0 {
		w.loadFrom(boxed)
		w.storeTo((boxed + 1) % shapeVariables)
	}
	w.body(body)
	w.level(0)
	w.forks--
	w.emit(program.JoinWorkers, 0)
	w.stack = held
	if boxed >= 0 {
		w.pushConstant(program.Int(int64(len(w.code))), intSort)
		w.builtin(program.BuiltinStr, 1, textSort)
		w.storeTo(boxed)
	}
}

// someStore lets the first worker alone store into a variable, or all others: a join must not take what those have who did not.
func (w *shapeWriter) someStore(st statement) {
	w.emit(program.LoadName, w.name(program.WorkerID))
	skip := w.emit([]program.Opcode{program.JumpIfTrue, program.JumpIfFalse}[of(st.form, 2)])
	before := w.copied()
	w.pushConstant(program.Int(int64(len(w.code))), intSort)
	w.storeTo(of(st.c, shapeVariables))
	w.land(skip)
	w.shapeState = w.meet(before)
}

// leave returns what is on top of the stack, whatever is below it, under a condition unless that is all that a body does.
func (w *shapeWriter) leave(st statement) {
	switch {
	case w.forks > 0: // a worker can't return
		w.pop(st)
	case of(st.form, 4) == 0 && w.nesting > 1:
		w.unused(st)
		w.need(of(st.a, 3))
		w.emit(program.Return)
		w.dead = true
	default:
		w.condition(st)
		skip := w.emit(program.JumpIfFalse)
		before := w.copied()
		w.unused(st)
		w.pushAny(st)
		w.emit(program.Return)
		w.land(skip)
		w.shapeState = before
	}
}

// call calls a later function, in one of four ways.
func (w *shapeWriter) call(st statement) {
	if w.later == 0 {
		w.load(st)
		return
	}
	f := w.number + 1 + of(st.a, w.later)
	callee := w.done[f]
	value := program.Func(w.functionName(f))
	n := int32(callee.params)
	switch form := of(st.form, 8); form {
	case 0, 1, 2, 3:
		w.need(callee.params)
		w.emit(program.CallFuncConst, w.constant(value), n)
		w.drop(callee.params)
	case 4:
		name := w.name("fn")
		w.emit(program.StoreFunc, name, w.constant(value))
		w.arguments(callee.params)
		w.emit(program.CallName, name, n)
		w.drop(callee.params)
		w.pure = false
	default:
		w.functionFrom(value, form)
		w.arguments(callee.params)
		w.emit(program.CallTop, n)
		w.drop(callee.params + 1)
		w.pure = false
	}
	w.pure = w.pure && callee.pure
	w.stores |= callee.stores
	for v, s := range w.variables {
		if callee.stores>>v&1 == 1 && w.locals>>v&1 == 0 && s != absent {
			w.variables[v] = anySort
		}
	}
	w.push(anySort)
}

// functionFrom pushes a function that is a constant, or a part of one.
func (w *shapeWriter) functionFrom(f program.Value, form int) {
	switch form {
	case 5:
		w.pushConstant(f, anySort)
		return
	case 6:
		w.pushConstant(program.List(program.Int(7), f), listSort)
		w.pushConstant(program.Int(1), intSort)
	default:
		w.pushConstant(program.Map(program.Entry{Key: program.String("f"), Value: f}), anySort)
		w.pushConstant(program.String("f"), textSort)
	}
	w.emit(program.Index)
	w.drop(1)
}

func (w *shapeWriter) arguments(n int) {
	for k := range n {
		w.pushConstant(program.Int(int64(k+3)), intSort)
	}
}

// mapped maps a list with a later function that may be.
func (w *shapeWriter) mapped(st statement) {
	for f := w.number + 1; f < len(w.done); f++ {
		if callee := w.done[f]; callee.params == 1 && callee.pure {
			w.pushConstant(program.Int(int64(of(st.a, 5))), intSort)
			w.emit(program.CallBuiltin, int32(program.BuiltinRange), 1)
			w.emit(program.ParallelMap, w.constant(program.Func(w.functionName(f))))
			w.stack[len(w.stack)-1] = listSort
			return
		}
	}
	w.load(st)
}
