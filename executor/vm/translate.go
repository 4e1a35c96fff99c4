package vm

import (
	"slices"

	"synchrony/models/program"
)

// instr is an instruction of the fast form. Operands are registers; d is what
// to add to the count of steps (see machine.count) where control leaves the line.
type instr struct {
	op      opcode
	a, b, c int32
	d       int32
	// pc is where the exact interpreter takes over if the fast one can't do it: all
	// cells of the operand stack are in their registers there, and from there to
	// here nothing has changed but registers above them.
	pc int32
}

// translator turns stack code into register code, one basic block after
// another. It delays loads: stack says, for each cell of the operand stack,
// which register has the value, and that is the cell's own one only if it had
// to be computed or moved. An instruction of the fast form does all of its work
// or none; what it can't do starts again at its restart point in the exact form.
type translator struct {
	u     *unit
	f     *function
	stops []bool // before these instructions a chunk ends; nil if there are no chunks

	code    []instr
	leader  []bool
	stack   []int32
	restart int32 // see instr.pc
	floor   int   // depth at the restart point
	pc      int32
	dead    bool // no path leads here
	last    int  // index in code of the instruction that computed the top cell, or -1
	stop    map[int32]int32
}

// translate makes f's fast form. Where stops has true, entering from before ends the chunk.
func (f *function) translate(u *unit, stops []bool) {
	t := &translator{u: u, f: f, stops: stops, last: -1, dead: true, stop: make(map[int32]int32)}
	n := len(f.exact)
	t.code = make([]instr, 0, n+1)
	f.entry = make([]int32, n+1)
	for pc := range f.entry {
		f.entry[pc] = -1
	}
	t.findLeaders()
	for pc := range n {
		t.pc = int32(pc)
		if t.leader[pc] {
			t.begin(int(f.exact[pc].depth))
		}
		if !t.dead {
			t.instruction(f.exact[pc])
		}
	}
	t.pc = int32(n)
	if !t.dead || t.leader[n] {
		depth := len(t.stack)
		if fork := t.lastFork(); t.dead && fork >= 0 {
			depth = int(t.f.exact[fork].depth)
		}
		t.begin(depth)
		t.ret()
	}
	f.code = t.code
	t.resolve()
}

// findLeaders marks where basic blocks begin.
func (t *translator) findLeaders() {
	n := len(t.f.exact)
	t.leader = make([]bool, n+1)
	t.leader[0] = n > 0
	for pc, in := range t.f.exact {
		if t.stops != nil && t.stops[pc] {
			t.leader[pc] = true
		}
		if in.depth < 0 {
			continue
		}
		switch in.op {
		case program.Jump, program.JumpIfFalse, program.JumpIfTrue:
			t.leader[in.a], t.leader[pc+1] = true, true
		case program.ForkExecution:
			t.leader[pc+1], t.leader[t.f.shape.Partner[pc]+1] = true, true
		case program.Return:
			t.leader[pc+1] = true
		}
	}
	t.leader[n] = t.leader[n] || n == 0
}

// lastFork is the fork whose join is the last instruction, or -1.
func (t *translator) lastFork() int {
	if n := len(t.f.exact); n > 0 && t.f.exact[n-1].op == program.JoinWorkers {
		return t.f.shape.Partner[n-1]
	}
	return -1
}

// begin starts a basic block, at which all cells are in their own registers.
func (t *translator) begin(depth int) {
	if !t.dead {
		t.settle(0)
	}
	if int(t.pc) < len(t.f.exact) {
		if t.dead = t.f.exact[t.pc].depth < 0; t.dead {
			return
		}
		if t.stops != nil && t.stops[t.pc] {
			t.stop[t.pc] = int32(len(t.code))
			t.restart = t.pc
			t.emit(opStop, 0, 0, 0)
		}
	}
	t.stack = t.stack[:0]
	for i := range depth {
		t.stack = append(t.stack, t.own(i))
	}
	t.commit(t.pc)
}

// own is the register of the i-th cell of the operand stack.
func (t *translator) own(i int) int32 { return int32(t.f.base + i) }

// emit appends an instruction that is left to the exact form at the restart point.
func (t *translator) emit(op opcode, a, b, c int32) {
	t.code = append(t.code, instr{op: op, a: a, b: b, c: c, pc: t.restart})
	t.last = -1
}

// settle moves the cells from the i-th on into their own registers.
func (t *translator) settle(i int) {
	for ; i < len(t.stack); i++ {
		if t.stack[i] != t.own(i) {
			t.emit(opMove, t.own(i), t.stack[i], 0)
			t.stack[i] = t.own(i)
		}
	}
}

// commit makes pc the restart point; the cells must be settled.
func (t *translator) commit(pc int32) {
	t.restart, t.floor, t.last = pc, len(t.stack), -1
	t.f.entry[pc] = int32(len(t.code))
}

// mayBeUndefined reports whether a register is a variable's: its load, which may fail, has been delayed, and must
// not be dropped.
func (t *translator) mayBeUndefined(r int32) bool { return int(r) < t.f.locals }

func (t *translator) push(r int32) { t.stack = append(t.stack, r) }

func (t *translator) pop() int32 {
	r := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	return r
}

// compute emits an instruction whose result is pushed, of n operands. If the result's register held a
// cell at the restart point, that can't be gone back to: the restart point moves behind it.
func (t *translator) compute(op opcode, n int) {
	depth := len(t.stack) - n
	var b, c int32
	if n == 2 {
		c = t.pop()
	}
	b = t.pop()
	switch op { // a > b is b < a, also for NaN
	case opGreater:
		op, b, c = opLess, c, b
	case opGreaterEqual:
		op, b, c = opLessEqual, c, b
	}
	t.emit(op, t.own(depth), b, c)
	t.push(t.own(depth))
	if depth < t.floor {
		t.commit(t.pc + 1)
		return
	}
	t.last = len(t.code) - 1
}

// instruction translates the one at t.pc.
func (t *translator) instruction(in original) {
	switch in.op {
	case program.Nop:
	case program.LoadConst:
		t.push(in.b)
	case program.LoadName:
		t.load(in)
	case program.StoreName:
		t.store(in)
	case program.Pop:
		if last := len(t.stack) - 1; t.mayBeUndefined(t.stack[last]) {
			t.settle(last)
		}
		t.pop()
		if len(t.stack) < t.floor { // what is pushed now would overwrite a cell of the restart point
			t.commit(t.pc + 1)
		}
	case program.Dup:
		t.push(t.stack[len(t.stack)-1])
	case program.Jump:
		t.settle(0)
		t.emit(opJump, 0, 0, in.a)
		t.code[len(t.code)-1].d = t.pc + 1 - in.a
		t.dead = true
	case program.JumpIfFalse, program.JumpIfTrue:
		t.branch(in)
	case program.Return:
		t.ret()
		t.dead = true
	case program.CallFuncConst:
		t.settle(0)
		t.restartHere()
		t.emit(opCall, in.a, t.own(len(t.stack)-int(in.b)), 0)
		t.code[len(t.code)-1].d = t.pc + 1
		t.afterwards(in)
	default:
		if op, operands, ok := computing(in.op); ok {
			t.compute(op, operands)
			return
		}
		t.settle(0)
		t.restartHere()
		t.emit(opExact, 0, 0, 0)
		t.afterwards(in)
	}
}

// restartHere makes this instruction the restart point; all cells are settled.
func (t *translator) restartHere() { t.restart, t.floor = t.pc, len(t.stack) }

// afterwards continues behind an instruction that left its results in their registers.
func (t *translator) afterwards(in original) {
	info, _ := in.op.Info()
	source := t.f.source.Code[t.pc]
	depth := int(in.depth) - source.Pops() + info.Pushes
	t.stack = t.stack[:0]
	for i := range depth {
		t.push(t.own(i))
	}
	t.commit(t.pc + 1)
	if in.op == program.ForkExecution || in.op == program.JoinWorkers {
		t.dead = true // the next block says where it continues
	}
}

func (t *translator) load(in original) {
	if !in.global || t.f.number == 0 {
		t.push(in.a)
		return
	}
	r := t.own(len(t.stack))
	t.emit(opLoadGlobal, r, in.a, 0)
	t.push(r)
}

func (t *translator) store(in original) {
	if in.global && t.f.number != 0 {
		t.settle(0)
		t.emit(opStoreGlobal, in.a, t.pop(), 0)
		t.commit(t.pc + 1)
		return
	}
	last := t.last
	v := t.pop()
	before := len(t.code)
	t.settle(0)
	if last >= 0 && before == len(t.code) && t.code[last].a == v && !slices.Contains(t.stack, v) {
		t.code[last].a = in.a // compute into the variable
	} else {
		t.emit(opMove, in.a, v, 0)
	}
	t.commit(t.pc + 1)
}

// branch joins a comparison just before it.
func (t *translator) branch(in original) {
	last := t.last
	v := t.pop()
	before := len(t.code)
	t.settle(0)
	op, ok := opcode(0), false
	if last >= 0 && before == len(t.code) && t.code[last].a == v && !slices.Contains(t.stack, v) {
		op, ok = comparing(t.code[last].op, in.op == program.JumpIfTrue)
	}
	if ok {
		t.code[last].op = op
		t.code[last].a, t.code[last].b = t.code[last].b, t.code[last].c
	} else {
		op = opBranchFalse
		if in.op == program.JumpIfTrue {
			op = opBranchTrue
		}
		t.emit(op, v, 0, 0)
	}
	branch := &t.code[len(t.code)-1]
	branch.c, branch.d = in.a, t.pc+1-in.a
}

func (t *translator) ret() {
	if top := len(t.stack) - 1; top < 0 {
		t.emit(opReturnNil, 0, 0, 0)
	} else {
		if slices.ContainsFunc(t.stack[:top], t.mayBeUndefined) {
			t.settle(0)
		}
		t.emit(opReturn, t.stack[top], 0, 0)
	}
	d := t.pc + 1
	if int(t.pc) == len(t.f.exact) {
		d = t.pc // the end of a function is no instruction
	}
	t.code[len(t.code)-1].d = d
}

// resolve turns the branches' targets into indices of the fast form. One that enters
// a new chunk from before goes to the stop, one from within goes behind it.
func (t *translator) resolve() {
	for i := range t.code {
		in := &t.code[i]
		if in.op < opJump || in.op > opLastBranch {
			continue
		}
		target := in.c
		in.c = t.f.entry[target]
		if stop, ok := t.stop[target]; ok && in.d <= 0 {
			in.c = stop
		}
	}
}
