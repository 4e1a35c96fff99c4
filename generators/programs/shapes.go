package programs

import (
	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/models/program"
)

// Sizes of programs of any shape.
const (
	shapeFunctions = 3 // at most, beside the main code
	shapeVariables = 7 // globals, any of which a function may hide by a local
	shapeStack     = 10
	shapeNesting   = 3
)

// shapeNumbers is what is drawn of a program of any shape.
type shapeNumbers struct {
	bodies []shapeBody // the main code's, and then those of functions
}

// shapeBody is the numbers of one function. Its code is a flat list of statements, as that of other programs is.
type shapeBody struct {
	locals     uint64 // of shapeVariables bits: which of the variables are its own
	params     int
	statements []statement
}

// Shapes draws programs that no expression and no statement compiles to: instructions one after another, of which each takes what
// happens to lie on the stack. Values are duplicated, held over branches, loops, calls and forks, left below a result, and loaded
// before their variable changes; jumps lead to the next instruction, variables have a value on some paths only,
// and functions hide globals that others use. Programs end by themselves; none uses shared variables, so that each has one outcome.
func Shapes() *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn { return Drawn{program.Workload{Program: drawShape(choice.From(t)).program()}} })
}

func drawShape(s choice.Source) shapeNumbers {
	var n shapeNumbers
	for k := range 1 + choice.Below(s, shapeFunctions+1) {
		some, others := s.Bits(shapeVariables), s.Bits(shapeVariables)
		b := shapeBody{locals: some & others, params: choice.Below(s, 3)} // about a quarter of all
		size := choice.Length{Min: 2, Max: 10}
		if k == 0 {
			size = choice.Length{Min: 6, Max: 40}
		}
		for more := true; more; {
			s.Group(func(s choice.Source) {
				if more = size.More(s, len(b.statements)); more {
					b.statements = append(b.statements, drawStatement(s))
				}
			})
		}
		n.bodies = append(n.bodies, b)
	}
	return n
}

// program writes the functions from the last to the first, since each calls only later ones.
func (n shapeNumbers) program() *program.Program {
	t := newTables()
	t.program.Functions = make([]program.Function, len(n.bodies))
	done := make([]shaped, len(n.bodies))
	for f := len(n.bodies) - 1; f >= 0; f-- {
		w := &shapeWriter{tables: t, number: f, done: done, later: len(n.bodies) - 1 - f}
		t.program.Functions[f] = w.function(n.bodies[f])
	}
	canonical(t.program)
	return t.program
}

// shaped is what callers must know of a function.
type shaped struct {
	params int
	stores uint64 // the globals that it, or what it calls, may store
	pure   bool   // it may be mapped
}

// sort is what is known of a value's kind.
type sort uint8

const (
	absent sort = iota // of a variable: it may have no value
	anySort
	intSort
	floatSort
	boolSort
	textSort
	listSort
)

func (s sort) numeric() bool { return s == intSort || s == floatSort }

// shapeState is what is known at a place of the code.
type shapeState struct {
	stack     []sort
	variables [shapeVariables]sort
	dead      bool // no path leads here
}

func (s shapeState) copied() shapeState {
	s.stack = append([]sort(nil), s.stack...)
	return s
}

// meet is what is known where two ways come together whose stacks are equally deep.
func (s shapeState) meet(o shapeState) shapeState {
	switch {
	case s.dead:
		return o
	case o.dead:
		return s
	}
	s = s.copied()
	for i := range s.stack {
		s.stack[i] = met(s.stack[i], o.stack[i])
	}
	for v := range s.variables {
		s.variables[v] = met(s.variables[v], o.variables[v])
	}
	return s
}

func met(a, b sort) sort {
	switch {
	case a == b:
		return a
	case a == absent || b == absent:
		return absent
	}
	return anySort
}

// shapeWriter writes one function.
type shapeWriter struct {
	*tables
	number int
	done   []shaped // functions, by number; those after this one are complete
	later  int      // how many these are
	shaped
	locals uint64 // the variables that are its own
	code   []program.Instruction
	shapeState
	loaded                   int // the variable that was loaded last
	nesting, forks, counters int
}

// function writes a function's code.
func (w *shapeWriter) function(b shapeBody) program.Function {
	f := program.Function{Name: w.functionName(w.number)}
	w.pure = true
	if w.number > 0 {
		w.locals, w.params = b.locals, b.params
		for v := range shapeVariables {
			if w.locals>>v&1 == 1 {
				f.Locals = append(f.Locals, w.name(shapeVariable(v)))
				if len(f.Locals) <= w.params {
					w.variables[v] = anySort
				}
			} else if v < 2 {
				w.variables[v] = anySort // the main code begins with them
			}
		}
		w.params = min(w.params, len(f.Locals))
		f.Params = w.params
	} else {
		f.Name = program.MainName
		for v := range 2 {
			w.pushConstant(program.Int(int64(v+1)), intSort)
			w.storeTo(v)
		}
	}
	w.body(b.statements)
	w.landAtEnd()
	f.Code = w.code
	w.done[w.number] = w.shaped
	return f
}

func (w *shapeWriter) functionName(k int) string { return numbered("f", k) }

func shapeVariable(v int) string { return string(rune('g' - v)) } // not in the order of first use

// landAtEnd makes room for jumps to the end, which must lead to an instruction.
func (w *shapeWriter) landAtEnd() {
	for _, in := range w.code {
		if isJump(in.Op) && int(in.A) == len(w.code) {
			w.emit(program.Nop)
			return
		}
	}
}

func (w *shapeWriter) emit(op program.Opcode, operands ...int32) int {
	w.code = append(w.code, instruction(op, operands...))
	return len(w.code) - 1
}

// land makes a jump lead to the next instruction.
func (w *shapeWriter) land(at int) { w.code[at].A = int32(len(w.code)) }

func (w *shapeWriter) push(s sort) { w.stack = append(w.stack, s) }

func (w *shapeWriter) drop(n int) { w.stack = w.stack[:len(w.stack)-n] }

// top is the n-th cell from the top, from 0.
func (w *shapeWriter) top(n int) sort { return w.stack[len(w.stack)-1-n] }

func (w *shapeWriter) pushConstant(v program.Value, s sort) {
	w.emit(program.LoadConst, w.constant(v))
	w.push(s)
}

// need sees to it that the stack has n cells.
func (w *shapeWriter) need(n int) {
	for len(w.stack) < n {
		w.pushConstant(program.Int(int64(len(w.code))), intSort)
	}
}

// level makes the stack n deep.
func (w *shapeWriter) level(n int) {
	w.need(n)
	for len(w.stack) > n {
		w.emit(program.Pop)
		w.drop(1)
	}
}

func (w *shapeWriter) storeTo(v int) {
	w.emit(program.StoreName, w.name(shapeVariable(v)))
	w.variables[v] = w.top(0)
	w.drop(1)
	if w.locals>>v&1 == 0 {
		w.stores |= 1 << v
	}
}
