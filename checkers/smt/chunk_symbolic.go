package smt

import (
	"fmt"
	"slices"

	"synchrony/models/program"
)

// cell is a symbolic value: an int, or a bool, which is a condition.
type cell struct {
	isBool  bool
	value   *term
	defined *term // of a variable
}

// chunkMachine runs chunks on symbolic variables: the inputs are ints, or undefined.
type chunkMachine struct {
	*terms
	program *program.Program
	inputs  []int32 // variables, in order of first use
	cells   map[int32]cell
}

func newChunkMachine(p *program.Program) *chunkMachine {
	return &chunkMachine{terms: newTerms(), program: p, cells: map[int32]cell{}}
}

func (m *chunkMachine) intName(v int32) string     { return fmt.Sprintf("int %d", v) }
func (m *chunkMachine) definedName(v int32) string { return fmt.Sprintf("defined %d", v) }

func (m *chunkMachine) input(v int32) cell {
	c, ok := m.cells[v]
	if !ok {
		c = cell{value: m.variable(m.intName(v)), defined: m.flag(m.definedName(v))}
		m.cells[v] = c
		m.inputs = append(m.inputs, v)
	}
	return c
}

func (m *chunkMachine) domain() []*term {
	conditions := make([]*term, len(m.inputs))
	for i, v := range m.inputs {
		conditions[i] = m.inRange(m.cells[v].value)
	}
	return conditions
}

// inputsOf are the defined variables of a model, by name.
func (m *chunkMachine) inputsOf(values model) []program.Binding {
	var all []program.Binding
	for _, v := range m.inputs {
		if n := values[m.definedName(v)]; n != nil && n.Sign() != 0 {
			all = append(all, program.Binding{Name: m.program.Names[v], Value: program.Int(values.int64(m.intName(v)))})
		}
	}
	slices.SortFunc(all, func(a, b program.Binding) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// chunkRun is one run of a chunk.
type chunkRun struct {
	*chunkMachine
	before *chunkRun // whose variables it began with; nil for the inputs
	stack  []cell
	pc     int
	checks []check // in order
	stores []store // in order
	why    *string // set if the chunk is not supported
}

// check is a condition without which the chunk ends with an error.
type check struct {
	holds *term
	code  int64 // tells instructions and kinds of errors apart; not 0
}

type store struct {
	variable int32
	cell     cell
	checks   int // how many came before
}

// run runs a chunk on the variables that another left, as if without an error, or
// on the inputs.
func (m *chunkMachine) run(c Chunk, before *chunkRun, why *string) *chunkRun {
	r := &chunkRun{chunkMachine: m, before: before, why: why}
	code := m.program.Main().Code
	for r.pc = c.From; r.pc < c.To && *why == ""; r.pc++ {
		r.step(code[r.pc])
	}
	if *why == "" && len(r.stack) > 0 {
		*why = fmt.Sprintf("the chunk %d…%d leaves operands on the stack", c.From, c.To)
	}
	return r
}

func (r *chunkRun) unsupported(format string, args ...any) {
	if *r.why == "" {
		*r.why = fmt.Sprintf(format, args...)
	}
}

func (r *chunkRun) check(holds *term, kind program.ErrorKind) {
	r.checks = append(r.checks, check{holds, int64(r.pc)<<8 | int64(kind)})
}

func (r *chunkRun) load(v int32) cell {
	for at := r; at != nil; at = at.before {
		for i := len(at.stores) - 1; i >= 0; i-- {
			if at.stores[i].variable == v {
				return at.stores[i].cell
			}
		}
	}
	return r.input(v)
}

func (r *chunkRun) pop() cell {
	if len(r.stack) == 0 {
		r.unsupported("the instruction at %d takes operands from before its chunk", r.pc)
		return cell{value: r.zero}
	}
	c := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	return c
}

func (r *chunkRun) push(c cell)      { r.stack = append(r.stack, c) }
func (r *chunkRun) pushInt(x *term)  { r.push(cell{value: x, defined: r.yes}) }
func (r *chunkRun) pushBool(c *term) { r.push(cell{isBool: true, value: c, defined: r.yes}) }
func (r *chunkRun) truth(c cell) *term {
	if c.isBool {
		return c.value
	}
	return r.not(r.eq(c.value, r.zero))
}

func (r *chunkRun) step(in program.Instruction) {
	switch in.Op {
	case program.Nop:
	case program.LoadConst:
		r.constant(r.program.Constants[in.A])
	case program.LoadName:
		if r.program.Names[in.A] == program.WorkerID {
			r.unsupported("the LOAD_NAME at %d reads %s, which is no variable like others", r.pc, program.WorkerID)
			return
		}
		c := r.load(in.A)
		r.check(c.defined, program.UndefinedName)
		r.push(c)
	case program.StoreName:
		c := r.pop()
		c.defined = r.yes
		r.stores = append(r.stores, store{in.A, c, len(r.checks)})
	case program.Pop:
		r.pop()
	case program.Dup:
		c := r.pop()
		r.push(c)
		r.push(c)
	case program.Neg:
		c := r.pop()
		r.check(r.terms.truth(!c.isBool), program.TypeError)
		if !c.isBool {
			r.fits(r.neg(c.value))
		} else {
			r.pushInt(r.zero)
		}
	case program.Not:
		r.pushBool(r.not(r.truth(r.pop())))
	case program.And, program.Or:
		b, a := r.truth(r.pop()), r.truth(r.pop())
		if in.Op == program.And {
			r.pushBool(r.and(a, b))
		} else {
			r.pushBool(r.or(a, b))
		}
	case program.Eq, program.Neq:
		b, a := r.pop(), r.pop()
		equal := r.equal(a, b)
		if in.Op == program.Neq {
			equal = r.not(equal)
		}
		r.pushBool(equal)
	case program.Lt, program.Gt, program.Lte, program.Gte, program.Add, program.Sub, program.Mul, program.Div, program.Mod:
		b, a := r.pop(), r.pop()
		r.numbers(in.Op, a, b)
	default:
		r.unsupported("the %v at %d is not supported: only straight-line code on ints is", in.Op, r.pc)
	}
}

func (r *chunkRun) constant(v program.Value) {
	switch v.Kind() {
	case program.IntKind:
		r.pushInt(r.number(v.AsInt()))
	case program.BoolKind:
		r.pushBool(r.terms.truth(v.AsBool()))
	default:
		r.unsupported("the LOAD_CONST at %d loads a %v: only ints and bools are supported", r.pc, v.Kind())
	}
}

func (m *chunkMachine) equal(a, b cell) *term {
	switch {
	case a.isBool != b.isBool:
		return m.no
	case a.isBool:
		return m.not(m.xor(a.value, b.value))
	}
	return m.eq(a.value, b.value)
}

// numbers is an instruction on two numbers.
func (r *chunkRun) numbers(o program.Opcode, a, b cell) {
	if a.isBool || b.isBool {
		r.check(r.no, program.TypeError)
		r.pushInt(r.zero)
		return
	}
	x, y := a.value, b.value
	switch o {
	case program.Lt:
		r.pushBool(r.lt(x, y))
	case program.Gt:
		r.pushBool(r.lt(y, x))
	case program.Lte:
		r.pushBool(r.le(x, y))
	case program.Gte:
		r.pushBool(r.le(y, x))
	case program.Add:
		r.fits(r.add(x, y))
	case program.Sub:
		r.fits(r.sub(x, y))
	case program.Mul:
		r.fits(r.mul(x, y))
	case program.Div:
		r.check(r.not(r.eq(y, r.zero)), program.DivisionByZero)
		r.fits(r.quo(x, y))
	default: // Mod
		r.check(r.not(r.eq(y, r.zero)), program.DivisionByZero)
		r.pushInt(r.rem(x, y))
	}
}

func (r *chunkRun) fits(x *term) {
	r.check(r.inRange(x), program.Overflow)
	r.pushInt(x)
}

func (r *chunkRun) succeeds() *term {
	all := make([]*term, len(r.checks))
	for i, c := range r.checks {
		all[i] = c.holds
	}
	return r.and(all...)
}

// failure is the code of the first check that does not hold, or 0.
func (r *chunkRun) failure() *term {
	code := r.zero
	for i := len(r.checks) - 1; i >= 0; i-- {
		code = r.ite(r.checks[i].holds, code, r.number(r.checks[i].code))
	}
	return code
}

// unfinishedDiffers says that a check fails, and that what this run of a chunk and
// another have stored by then is not the same. It presumes that they fail alike.
func (r *chunkRun) unfinishedDiffers(other *chunkRun) *term {
	var cases []*term
	var before []*term
	for i, c := range r.checks {
		if c.holds != r.yes {
			var differ []*term
			for k, s := range r.stores {
				if s.checks <= i && !r.replacedBy(k, i) {
					differ = append(differ, r.not(r.equal(s.cell, other.stores[k].cell)))
				}
			}
			cases = append(cases, r.and(append(slices.Clone(before), r.not(c.holds), r.or(differ...))...))
		}
		before = append(before, c.holds)
	}
	return r.or(cases...)
}

// replacedBy reports whether store k is replaced by a later one before check i.
func (r *chunkRun) replacedBy(k, i int) bool {
	for _, later := range r.stores[k+1:] {
		if later.checks <= i && later.variable == r.stores[k].variable {
			return true
		}
	}
	return false
}

// variablesDiffer says that two runs, of the same two chunks, end with other
// variables. What either chunk stores is defined in both.
func (r *chunkRun) variablesDiffer(other *chunkRun) *term {
	var differ []*term
	for _, s := range slices.Concat(r.stores, other.stores) {
		differ = append(differ, r.not(r.equal(r.load(s.variable), other.load(s.variable))))
	}
	return r.or(differ...)
}
