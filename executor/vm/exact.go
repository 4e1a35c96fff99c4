package vm

import (
	"strconv"

	"synchrony/models/program"
)

// step executes one original instruction, or leaves the current call at its end. It is the
// whole instruction set; all cells of the operand stack are in their own registers.
func (m *machine) step() status {
	if m.pc == len(m.fn.exact) {
		return m.leave(m.endDepth())
	}
	in := &m.fn.exact[m.pc]
	switch {
	case in.op == program.JoinWorkers: // only a worker comes here
		return done
	case m.steps >= m.maxSteps:
		return m.fail(program.StepLimit, strconv.FormatInt(m.maxSteps, 10)+" instructions")
	case m.steps >= m.hard:
		return halted
	}
	m.steps++
	switch in.op {
	case program.Return:
		return m.leave(int(in.depth))
	case program.Jump:
		m.pc = int(in.a)
		return running
	case program.JumpIfFalse, program.JumpIfTrue:
		if m.truth(*m.operand(in, 1)) == (in.op == program.JumpIfTrue) {
			m.pc = int(in.a)
			return running
		}
	case program.CallFuncConst:
		return m.call(int(in.a), int(in.depth)-int(in.b))
	case program.CallName, program.CallTop:
		return m.callValue(in)
	case program.ForkExecution:
		return m.fork(in)
	case program.ParallelMap:
		return m.parallelMap(in)
	case program.BarrierSync:
		return waiting
	default:
		if s := m.plain(in); s != running {
			return s
		}
	}
	m.pc++
	return running
}

// operand is the i-th cell from the top of the operand stack, from 1.
func (m *machine) operand(in *original, i int) *cell {
	return &m.mem[m.fp+m.fn.base+int(in.depth)-i]
}

// operands are the top n cells.
func (m *machine) operands(in *original, n int) []cell {
	top := m.fp + m.fn.base + int(in.depth)
	return m.mem[top-n : top]
}

// endDepth is the operand stack's depth after the last instruction.
func (m *machine) endDepth() int {
	n := len(m.fn.exact)
	if n == 0 {
		return 0
	}
	last := &m.fn.exact[n-1]
	if last.op == program.JoinWorkers {
		return int(m.fn.exact[m.fn.shape.Partner[n-1]].depth)
	}
	info, _ := last.op.Info()
	return int(last.depth) - m.fn.source.Code[n-1].Pops() + info.Pushes
}

// leave returns from the current call, whose stack has that depth.
func (m *machine) leave(depth int) status {
	result := cell{tag: tagNil}
	if depth > 0 {
		result = m.mem[m.fp+m.fn.base+depth-1]
	}
	if len(m.frames) == 0 {
		m.result = result
		return done
	}
	m.mem[m.fp] = result // the first argument's place is the result's
	caller := m.frames[len(m.frames)-1]
	m.frames = m.frames[:len(m.frames)-1]
	m.depth--
	m.fn, m.fp, m.pc = caller.fn, caller.fp, caller.pc
	return running
}

// call enters a function whose arguments begin at that depth.
func (m *machine) call(callee, first int) status {
	if m.depth >= m.run.limits.CallDepth {
		return m.fail(program.StackLimit, strconv.Itoa(m.run.limits.CallDepth)+" calls deep")
	}
	m.frames = append(m.frames, frame{m.fn, m.fp, m.pc + 1})
	m.enter(callee, m.fp+m.fn.base+first)
	return running
}

// enter begins a function whose arguments are at that address.
func (m *machine) enter(callee, at int) {
	m.fn, m.fp, m.pc = &m.unit.functions[callee], at, 0
	m.depth++
	r := m.reserve(m.fp, m.fn.size)
	copy(r[m.fn.params:], m.fn.template)
}

// callValue calls the function that a variable or a cell holds.
func (m *machine) callValue(in *original) status {
	n, first := int(in.b), int(in.depth)-int(in.b)
	var f cell
	if in.op == program.CallTop {
		n = int(in.a)
		first = int(in.depth) - n
		f = *m.operand(in, n+1)
	} else {
		m.read(in)
		f = m.variable(in).own()
		if f.isUndefined() {
			return m.undefinedName(in)
		}
	}
	if f.tag != tagFunc {
		return m.fail(program.TypeError, "call of "+m.describe(f))
	}
	callee := &m.unit.functions[f.bits]
	if callee.params != n {
		return m.fail(program.ArityError, callee.name+" takes "+strconv.Itoa(callee.params)+", not "+strconv.Itoa(n))
	}
	if in.op == program.CallTop && m.depth < m.run.limits.CallDepth {
		// The function lies where the result is to be: move the arguments down.
		args := m.operands(in, n+1)
		copy(args, args[1:])
		first--
	}
	return m.call(callee.number, first)
}

// variable is the place of a variable instruction's operand.
func (m *machine) variable(in *original) *cell {
	if in.global {
		return &m.mem[in.a]
	}
	return &m.mem[m.fp+int(in.a)]
}

func (m *machine) undefinedName(in *original) status {
	return m.fail(program.UndefinedName, m.unit.program.Names[m.fn.source.Code[m.pc].A])
}

// plain executes an instruction that continues at the next one.
func (m *machine) plain(in *original) status {
	switch in.op {
	case program.Nop, program.Pop:
	case program.LoadConst:
		*m.operand(in, 0) = m.mem[m.fp+int(in.b)]
	case program.LoadName:
		m.read(in)
		v := m.variable(in).own()
		if v.isUndefined() {
			return m.undefinedName(in)
		}
		*m.operand(in, 0) = v
	case program.StoreName:
		m.wrote(in)
		*m.variable(in) = *m.operand(in, 1)
	case program.StoreFunc:
		m.wrote(in)
		*m.variable(in) = cell{tagFunc, uint64(in.b)}
	case program.Dup:
		*m.operand(in, 0) = *m.operand(in, 1)
	case program.Not:
		*m.operand(in, 1) = boolCell(!m.truth(*m.operand(in, 1)))
	case program.Print:
		line := m.unbox(*m.operand(in, 1)).Display()
		if !m.charge(program.String(line).Size()) {
			return m.fail(program.MemoryLimit, "")
		}
		m.output = append(m.output, line)
	case program.SharedRead, program.SharedWrite, program.AtomicAdd, program.AtomicCAS:
		return m.sharedAccess(in)
	case program.CallBuiltin:
		return m.builtin(in)
	case program.BuildList, program.BuildMap, program.Index:
		return m.collection(in)
	case program.Neg:
		return m.negate(in)
	default:
		return m.binary(in)
	}
	return running
}

// push puts a built value into the i-th cell from the top, from 1, and charges for it.
func (m *machine) built(in *original, i int, v program.Value) status {
	if !m.charge(v.Size()) {
		return m.fail(program.MemoryLimit, "")
	}
	*m.operand(in, i) = m.box(v)
	return running
}

// describe is a value in an error message: its kind, and its text if that is short.
func (m *machine) describe(c cell) string { return describe(m.unbox(c)) }

func describe(v program.Value) string {
	if v.Size() > 80 {
		return v.Kind().String() + " of length " + strconv.Itoa(v.Len())
	}
	return v.Kind().String() + " " + v.String()
}
