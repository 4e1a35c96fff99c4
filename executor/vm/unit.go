package vm

import (
	"slices"
	"strings"
	"sync"

	"synchrony/models/program"
)

// unit is a loaded program: names are slots, constants are cells, jumps are
// resolved. It is immutable, but for its spare machines, and serves any number of runs at once.
//
// Every call has a frame of registers: its locals, then the constants that its
// code uses, then its operand stack. The main code's frame lies at address 0 of
// a machine's memory, so that a global's slot is its address.
type unit struct {
	program   *program.Program
	shapes    []program.Shape
	functions []function
	numbers   map[string]int // of functions, by name
	names     []int32        // the name of each global slot, in order of first use
	byName    []named        // the global slots, by name
	slots     []int32        // the global slot of each name, or -1
	worker    int            // the slot of worker_id, or -1
	constants []cell
	fixed     []program.Value // strings, lists and maps among the constants
	longest   int64           // instructions of the longest function
	sums      *summaries
	room      int // registers of the largest function: what a machine has beyond the main code's frame

	// Machines that are over: for a short run, memory is most of the cost; and what is not asked for does not call
	// the garbage collector in the midst of a long one.
	spare sync.Pool // of those that had the whole program's variables
	blank sync.Pool // of those that ran chunks: they have forgotten all variables
}

// function is a compiled function, in two forms that share the frame: exact is one
// instruction for each original one, code the fast form.
type function struct {
	name     string
	number   int
	params   int
	locals   int
	base     int    // the register of the operand stack's first cell
	size     int    // registers
	template []cell // what registers from params to base hold when a call begins
	exact    []original
	code     []instr
	entry    []int32 // where the fast form can be entered before a pc, or -1; one more than instructions
	source   *program.Function
	shape    *program.Shape
	blocks   map[int]*block // of forks, by pc
}

// original is an instruction of the program. a and b are its operands, a variable's being
// resolved: a local's register, or, if global, the slot.
type original struct {
	op     program.Opcode
	global bool
	a, b   int32
	depth  int32 // of the operand stack before it; -1 if it is never reached
}

// load validates and compiles p. The error is an [*program.InvalidError].
func load(p *program.Program) (*unit, error) {
	shapes, err := program.Analyze(p)
	if err != nil {
		return nil, err
	}
	u := &unit{program: p, shapes: shapes, numbers: make(map[string]int, len(p.Functions)), worker: -1}
	for i := range p.Functions {
		u.numbers[p.Functions[i].Name] = i
		u.longest = max(u.longest, int64(len(p.Functions[i].Code)))
	}
	u.resolveGlobals()
	u.sortSlots()
	u.constants = make([]cell, len(p.Constants))
	for i, v := range p.Constants {
		c, ok := u.scalar(v)
		if !ok {
			c = cell{tagBox, uint64(len(u.fixed))}
			u.fixed = append(u.fixed, v)
		}
		u.constants[i] = c
	}
	u.functions = make([]function, len(p.Functions))
	for i := range u.functions {
		u.functions[i] = u.compile(i)
		u.functions[i].translate(u, nil)
		if i > 0 {
			u.room = max(u.room, u.functions[i].size)
		}
	}
	u.sums = analyzeFunctions(u)
	for i := range u.functions {
		u.functions[i].blocks = u.sums.blocks(&u.functions[i])
	}
	return u, nil
}

// usesVariable reports whether operand A of the instruction is a variable.
func usesVariable(op program.Opcode) bool {
	info, _ := op.Info()
	return info.A == program.NameOperand
}

// resolveGlobals gives each name that is used as a global a slot, in order of first use.
func (u *unit) resolveGlobals() {
	p := u.program
	u.slots = make([]int32, len(p.Names))
	for i := range u.slots {
		u.slots[i] = -1
	}
	local := make([]int, len(p.Names)) // 1 + the last function that declares the name
	for f := range p.Functions {
		for _, name := range p.Functions[f].Locals {
			local[name] = f + 1
		}
		for _, in := range p.Functions[f].Code {
			if usesVariable(in.Op) && local[in.A] != f+1 && u.slots[in.A] < 0 {
				if p.Names[in.A] == program.WorkerID {
					u.worker = len(u.names)
				}
				u.slots[in.A] = int32(len(u.names))
				u.names = append(u.names, in.A)
			}
		}
	}
}

// named is a global's slot with its name.
type named struct {
	name string
	slot int
}

// sortSlots orders the globals by name.
func (u *unit) sortSlots() {
	u.byName = make([]named, len(u.names))
	for i := range u.byName {
		u.byName[i] = named{u.slotName(i), i}
	}
	slices.SortFunc(u.byName, func(a, b named) int { return strings.Compare(a.name, b.name) })
}

// compile lays out a function's frame and resolves its instructions.
func (u *unit) compile(number int) function {
	source := &u.program.Functions[number]
	f := function{
		name: source.Name, number: number, params: source.Params, locals: len(source.Locals),
		source: source, shape: &u.shapes[number],
	}
	if number == 0 {
		f.locals = len(u.names)
	}
	register := make(map[int32]int32) // of a name that is a local
	for i, name := range source.Locals {
		register[name] = int32(i)
	}
	for range f.locals - f.params {
		f.template = append(f.template, undefined)
	}
	constant := make(map[int32]int32)
	f.exact = make([]original, len(source.Code))
	for pc, in := range source.Code {
		o := original{op: in.Op, a: in.A, b: in.B, depth: int32(f.shape.Depth[pc])}
		switch {
		case usesVariable(in.Op):
			if r, ok := register[in.A]; ok {
				o.a = r
			} else {
				o.a, o.global = u.slots[in.A], true
			}
		case in.Op == program.LoadConst:
			if _, ok := constant[in.A]; !ok {
				constant[in.A] = int32(f.params + len(f.template))
				f.template = append(f.template, u.constants[in.A])
			}
			o.b = constant[in.A]
		}
		switch in.Op {
		case program.CallFuncConst, program.ParallelMap:
			o.a = int32(u.constants[in.A].bits)
		case program.StoreFunc:
			o.b = int32(u.constants[in.B].bits)
		}
		f.exact[pc] = o
	}
	f.base = f.params + len(f.template)
	f.size = f.base + f.shape.MaxStack + 1 // and one for a result that nobody pops
	return f
}

// slotName is the name of a global.
func (u *unit) slotName(slot int) string { return u.program.Names[u.names[slot]] }
