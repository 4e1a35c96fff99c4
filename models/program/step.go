package program

import (
	"fmt"
	"strconv"
)

// step executes t's next instruction, or ends its current call if there is none.
func (m *machine) step(t *task) {
	in, ok := t.instruction()
	switch {
	case !ok:
		t.leave()
		return
	case in.Op == JoinWorkers: // only a worker comes here: its parent resumes behind the join
		t.status = ended
		return
	case t.steps >= t.maxSteps:
		t.fail(&failure{StepLimit, strconv.FormatInt(t.maxSteps, 10) + " instructions"})
		return
	}
	if m.moment != nil {
		m.moment(t)
	}
	t.steps++
	if f := m.execute(t, in); f != nil {
		t.fail(f)
	}
}

// leave returns from the current call with the top of its stack.
func (t *task) leave() {
	result := Nil
	if c := t.top(); len(c.stack) > 0 {
		result = c.pop()
	}
	if len(t.calls) == 1 {
		t.result, t.status = result, ended
		return
	}
	t.calls = t.calls[:len(t.calls)-1]
	t.depth--
	t.top().push(result)
	t.top().pc++
}

// execute does what the instruction says. A failing one leaves the program counter
// where it is; one that enters a function, forks or waits moves it when it is done.
func (m *machine) execute(t *task, in Instruction) *failure {
	c := t.top()
	switch in.Op {
	case Return:
		t.leave()
		return nil
	case Jump:
		c.pc = int(in.A)
		return nil
	case JumpIfFalse, JumpIfTrue:
		if c.pop().Truth() == (in.Op == JumpIfTrue) {
			c.pc = int(in.A)
			return nil
		}
	case CallName, CallFuncConst, CallTop:
		return m.enter(t, in)
	case ForkExecution:
		return m.fork(t, in)
	case ParallelMap:
		return m.parallelMap(t, in)
	case BarrierSync:
		t.status, t.barrier = atBarrier, in.A
		return nil
	case CallBuiltin:
		if Builtin(in.A) == BuiltinWork {
			return m.work(t)
		}
		result, f := builtin(Builtin(in.A), c.popN(int(in.B)), t.maxMemory-t.memory)
		if f == nil {
			f = t.chargeNew(result)
		}
		if f != nil {
			return f
		}
		c.push(result)
	default:
		if f := m.simple(t, c, in); f != nil {
			return f
		}
	}
	c.pc++
	return nil
}

// chargeNew counts a value that was built, if it is one that memory is counted for.
func (t *task) chargeNew(v Value) *failure {
	if v.kind == StringKind || v.kind == ListKind || v.kind == MapKind {
		return t.charge(v.Size())
	}
	return nil
}

// simple executes an instruction that continues at the next one.
func (m *machine) simple(t *task, c *call, in Instruction) *failure {
	switch in.Op {
	case Nop:
	case LoadConst:
		c.push(m.program.Constants[in.A])
	case LoadName:
		v, ok := t.scope(in.A).load(in.A)
		if !ok {
			return &failure{UndefinedName, m.program.Names[in.A]}
		}
		c.push(v)
	case StoreName:
		t.scope(in.A).store(in.A, c.pop())
	case StoreFunc:
		t.scope(in.A).store(in.A, m.program.Constants[in.B])
	case Pop:
		c.pop()
	case Dup:
		c.push(c.stack[len(c.stack)-1])
	case Not:
		c.push(Bool(!c.pop().Truth()))
	case Print:
		line := c.pop().Display()
		if f := t.charge(String(line).Size()); f != nil {
			return f
		}
		t.print(line)
	case SharedRead, SharedWrite, AtomicAdd, AtomicCAS:
		return m.sharedAccess(c, in)
	default:
		return t.compute(c, in)
	}
	return nil
}

// compute executes the instructions whose result depends on their operands only.
func (t *task) compute(c *call, in Instruction) *failure {
	var result Value
	var f *failure
	switch in.Op {
	case Neg:
		result, f = negate(c.pop())
	case BuildList:
		result = List(c.popN(int(in.A))...)
	case BuildMap:
		result, f = buildMap(c.popN(2 * int(in.A)))
	case Index:
		key, container := c.pop(), c.pop()
		result, f = index(container, key)
		if f == nil && container.kind == StringKind {
			f = t.charge(result.Size())
		}
	default:
		b, a := c.pop(), c.pop()
		if in.Op == Add && a.kind == b.kind && (a.kind == StringKind || a.kind == ListKind) {
			if f := t.charge(a.Size() + b.Size() - cell); f != nil { // before building it
				return f
			}
		}
		result, f = operate(in.Op, a, b)
	}
	if f == nil && (in.Op == BuildList || in.Op == BuildMap) {
		f = t.charge(result.Size())
	}
	if f == nil {
		c.push(result)
	}
	return f
}

func buildMap(items []Value) (Value, *failure) {
	var entries []Entry
	for i := 0; i < len(items); i += 2 {
		if !items[i].CanBeKey() {
			return Nil, &failure{TypeError, items[i].describe() + " as a map key"}
		}
		entries = append(entries, Entry{items[i], items[i+1]})
	}
	return Map(entries...), nil
}

func index(container, key Value) (Value, *failure) {
	switch {
	case container.kind == MapKind && key.CanBeKey():
		if v, ok := container.Lookup(key); ok {
			return v, nil
		}
		return Nil, &failure{IndexError, "no key " + key.describe()}
	case (container.kind == ListKind || container.kind == StringKind) && key.kind == IntKind:
		i := key.AsInt()
		if i < 0 || i >= int64(container.Len()) {
			return Nil, indexError(container, i)
		}
		if container.kind == StringKind {
			return String(container.AsString()[i : i+1]), nil
		}
		return container.items()[i], nil
	}
	return Nil, &failure{TypeError, "INDEX of " + container.describe() + " by " + key.describe()}
}

func indexError(container Value, i int64) *failure {
	return &failure{IndexError, fmt.Sprintf("%d in a %v of length %d", i, container.kind, container.Len())}
}
