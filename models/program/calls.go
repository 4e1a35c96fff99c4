package program

import (
	"fmt"
	"strconv"
)

// enter calls a function of the program.
func (m *machine) enter(t *task, in Instruction) *failure {
	c := t.top()
	var callee Value
	var args []Value
	switch in.Op {
	case CallName:
		v, ok := t.scope(in.A).load(in.A)
		if !ok {
			return &failure{UndefinedName, m.program.Names[in.A]}
		}
		callee, args = v, c.popN(int(in.B))
	case CallFuncConst:
		callee, args = m.program.Constants[in.A], c.popN(int(in.B))
	default:
		args = c.popN(int(in.A))
		callee = c.pop()
	}
	next, f := m.newCall(callee, args)
	if f == nil && t.depth >= m.limits.CallDepth {
		f = &failure{StackLimit, strconv.Itoa(m.limits.CallDepth) + " calls deep"}
	}
	if f != nil {
		return f
	}
	t.calls = append(t.calls, next)
	t.depth++
	return nil
}

// newCall prepares a call, whose parameters are the arguments and whose other locals are undefined.
func (m *machine) newCall(callee Value, args []Value) (*call, *failure) {
	if callee.kind != FuncKind {
		return nil, &failure{TypeError, "call of " + callee.describe()}
	}
	number := m.numbers[callee.AsString()]
	function := &m.program.Functions[number]
	if len(args) != function.Params {
		detail := fmt.Sprintf("%s takes %d, not %d", callee.AsString(), function.Params, len(args))
		return nil, &failure{ArityError, detail}
	}
	c := &call{function: function, number: number, locals: &scope{}}
	for i, arg := range args {
		c.locals.store(function.Locals[i], arg)
	}
	return c, nil
}

// work lets virtual time pass.
func (m *machine) work(t *task) *failure {
	c := t.top()
	duration := c.pop()
	switch {
	case duration.kind != IntKind:
		return &failure{TypeError, "work of " + duration.describe()}
	case duration.AsInt() < 0 || duration.AsInt() > MaxTimeout:
		return &failure{ValueError, "work of " + duration.String() + " ms"}
	case !t.advance(saturatingAdd(t.now, duration.AsInt())):
		t.stop()
		return nil
	}
	c.push(Nil)
	c.pc++
	return nil
}

// sharedAccess executes an operation on a shared variable. It is atomic: tasks are interleaved
// between instructions only.
func (m *machine) sharedAccess(c *call, in Instruction) *failure {
	switch in.Op {
	case SharedRead:
		v, _ := m.shared.load(in.A) // nil if it is unset
		c.push(v)
	case SharedWrite:
		m.shared.store(in.A, c.pop())
	case AtomicAdd:
		delta := c.pop()
		old, set := m.shared.load(in.A)
		if !set {
			old = Int(0)
		}
		if delta.kind != IntKind || old.kind != IntKind {
			return operandError(AtomicAdd, old, delta)
		}
		sum, f := intArithmetic(Add, old.AsInt(), delta.AsInt())
		if f != nil {
			return f
		}
		m.shared.store(in.A, sum)
		c.push(sum)
	case AtomicCAS:
		replacement, expected := c.pop(), c.pop()
		old, _ := m.shared.load(in.A)
		swap := Equal(old, expected)
		if swap {
			m.shared.store(in.A, replacement)
		}
		c.push(Bool(swap))
	}
	return nil
}

// deadlineAfter returns the end of a join's timeout, or noDeadline if it has none.
func deadlineAfter(now int64, timeout int32) int64 {
	if timeout == 0 {
		return noDeadline
	}
	return saturatingAdd(now, int64(timeout))
}
