package programtest_test

import (
	"context"
	"maps"
	native "sync"

	"synchrony/executor/shim/sync"
	"synchrony/models/program"
)

// machine is an interpreter of plain programs, whose workers are goroutines. Each of its faults is one that such interpreters have had.
type machine struct {
	torn      bool // ATOMIC_ADD reads, and then writes
	unordered bool // workers are merged in the order in which they end
	first     bool // of several errors, that which came first is told
	kept      bool // what workers did before another failed stays
	real      bool // its goroutines are under nobody's control
	step      func()
}

// crew are goroutines that are waited for.
type crew interface {
	Go(f func())
	Wait()
}

func (m *machine) crew() crew {
	if m.real {
		return &native.WaitGroup{}
	}
	return &sync.WaitGroup{}
}

func (m *machine) lock() sync.Locker {
	if m.real {
		return &native.Mutex{}
	}
	return &sync.Mutex{}
}

// shared is what all workers share in a run.
type shared struct {
	machine
	program *program.Program
	mu      sync.Locker
	cells   map[int32]program.Value
}

// worker is who executes the main code, or a block of a fork.
type worker struct {
	*shared
	globals variables
	output  []string
}

// variables are those of a scope, and which of them were stored.
type variables struct {
	values map[int32]program.Value
	stored map[int32]program.Value
}

// call is a call of a function that is under way.
type call struct {
	function *program.Function
	locals   variables
	stack    []program.Value
}

func scope(outer map[int32]program.Value) variables {
	values := maps.Clone(outer)
	if values == nil {
		values = map[int32]program.Value{}
	}
	return variables{values, map[int32]program.Value{}}
}

func (v *variables) store(name int32, value program.Value) {
	v.values[name], v.stored[name] = value, value
}

// Run runs a program.
func (m machine) Run(_ context.Context, p *program.Program) (program.Outcome, error) {
	if m.step == nil {
		m.step = func() {}
	}
	w := &worker{shared: &shared{machine: m, program: p, mu: m.lock(), cells: map[int32]program.Value{}}, globals: scope(nil)}
	result, _, err := w.run(&call{function: p.Main(), locals: scope(nil)}, 0)
	o := program.Outcome{Result: result, Output: w.output, Err: err}
	for name, v := range w.globals.values {
		o.Variables = append(o.Variables, program.Binding{Name: p.Names[name], Value: v})
	}
	for name, v := range w.cells {
		o.Shared = append(o.Shared, program.Binding{Name: p.Names[name], Value: v})
	}
	return o, nil
}

// Traced runs a program, with a hook.
func (m machine) Traced(ctx context.Context, p *program.Program, step func()) (program.Outcome, error) {
	m.step = step
	return m.Run(ctx, p)
}

// run executes a call from an instruction on, up to its end, or up to the join of the block in which it begins, whose place it returns.
func (w *worker) run(c *call, pc int) (result program.Value, join int, err *program.RunError) {
	fail := func(kind program.ErrorKind) (program.Value, int, *program.RunError) {
		return program.Nil, pc, &program.RunError{Kind: kind, Name: c.function.Name, PC: pc}
	}
	for pc < len(c.function.Code) {
		in := c.function.Code[pc]
		switch in.Op {
		case program.JoinWorkers:
			return program.Nil, pc, nil
		case program.Return:
			return c.top(), pc, nil
		case program.Jump:
			pc = int(in.A)
			continue
		case program.JumpIfFalse, program.JumpIfTrue:
			if c.pop().Truth() == (in.Op == program.JumpIfTrue) {
				pc = int(in.A)
				continue
			}
		case program.ForkExecution:
			if pc, err = w.fork(c, pc, int(in.A)); err != nil {
				return program.Nil, pc, err
			}
		case program.CallFuncConst:
			if err := w.call(c, in); err != nil {
				return program.Nil, pc, err
			}
		default:
			if kind := w.simple(c, in); kind != 0 {
				return fail(kind)
			}
		}
		pc++
	}
	return c.top(), pc, nil
}

// fork has n workers execute a block, and merges what they did.
func (w *worker) fork(c *call, pc, n int) (join int, err *program.RunError) {
	type ended struct {
		*worker
		call *call
		join int
		err  *program.RunError
	}
	group, mu := w.crew(), w.lock()
	all, came := make([]ended, n), []int{}
	for i := range n {
		inner := &worker{shared: w.shared, globals: scope(w.globals.values)}
		if id := w.index(program.WorkerID); id >= 0 {
			inner.globals.values[id] = program.Int(int64(i))
		}
		group.Go(func() {
			e := ended{worker: inner, call: &call{function: c.function, locals: scope(c.locals.values)}}
			_, e.join, e.err = inner.run(e.call, pc+1)
			mu.Lock()
			defer mu.Unlock()
			all[i], came = e, append(came, i)
		})
	}
	group.Wait()
	for k := range n {
		i := k
		if w.unordered || w.first {
			i = came[k]
		}
		if err == nil {
			err = all[i].err
		}
		join = max(join, all[i].join)
	}
	if err != nil && !w.kept {
		return join, err
	}
	for k := range n {
		i := k
		if w.unordered {
			i = came[k]
		}
		for name, v := range all[i].globals.stored {
			w.globals.store(name, v)
		}
		for name, v := range all[i].call.locals.stored {
			c.locals.store(name, v)
		}
		w.output = append(w.output, all[i].output...)
	}
	return join, err
}

// call calls a function.
func (w *worker) call(c *call, in program.Instruction) *program.RunError {
	f := &w.program.Functions[w.program.FunctionIndex(w.program.Constants[in.A].AsString())]
	inner := &call{function: f, locals: scope(nil)}
	for i := f.Params - 1; i >= 0; i-- {
		inner.locals.store(f.Locals[i], c.pop())
	}
	result, _, err := w.run(inner, 0)
	c.push(result)
	return err
}

// simple executes an instruction that goes on with the next one.
func (w *worker) simple(c *call, in program.Instruction) program.ErrorKind {
	at := &w.globals
	if c.function.Local(in.A) >= 0 {
		at = &c.locals
	}
	switch in.Op {
	case program.LoadConst:
		c.push(w.program.Constants[in.A])
	case program.LoadName:
		v, ok := at.values[in.A]
		if !ok {
			return program.UndefinedName
		}
		c.push(v)
	case program.StoreName:
		at.store(in.A, c.pop())
	case program.Pop:
		c.pop()
	case program.Dup:
		c.push(c.top())
	case program.Not:
		c.push(program.Bool(!c.pop().Truth()))
	case program.Neg:
		c.push(program.Int(-c.pop().AsInt()))
	case program.Print:
		w.output = append(w.output, c.pop().Display())
	case program.SharedRead, program.SharedWrite, program.AtomicAdd:
		w.access(c, in)
	case program.Nop:
	default:
		return c.binary(in.Op)
	}
	return 0
}

// access executes an instruction on a shared variable.
func (w *worker) access(c *call, in program.Instruction) {
	w.step()
	w.mu.Lock()
	defer w.mu.Unlock()
	switch in.Op {
	case program.SharedRead:
		c.push(w.cells[in.A])
	case program.SharedWrite:
		w.cells[in.A] = c.pop()
	default:
		sum := program.Int(w.cells[in.A].AsInt() + c.pop().AsInt())
		if w.torn {
			w.mu.Unlock()
			w.step()
			w.mu.Lock()
		}
		w.cells[in.A] = sum
		c.push(sum)
	}
}

// binary executes an instruction on two ints.
func (c *call) binary(op program.Opcode) program.ErrorKind {
	y, x := c.pop().AsInt(), c.pop().AsInt()
	if y == 0 && (op == program.Div || op == program.Mod) {
		return program.DivisionByZero
	}
	switch op {
	case program.Add:
		c.push(program.Int(x + y))
	case program.Sub:
		c.push(program.Int(x - y))
	case program.Mul:
		c.push(program.Int(x * y))
	case program.Div:
		c.push(program.Int(x / y))
	case program.Mod:
		c.push(program.Int(x % y))
	default:
		holds := map[program.Opcode]bool{program.Eq: x == y, program.Neq: x != y, program.Lt: x < y, program.Gt: x > y, program.Lte: x <= y, program.Gte: x >= y}
		c.push(program.Bool(holds[op]))
	}
	return 0
}

func (c *call) push(v program.Value) { c.stack = append(c.stack, v) }

func (c *call) pop() program.Value {
	v := c.top()
	c.stack = c.stack[:len(c.stack)-1]
	return v
}

// top is the top of the stack; nil if that is empty.
func (c *call) top() program.Value {
	if len(c.stack) == 0 {
		return program.Nil
	}
	return c.stack[len(c.stack)-1]
}

// index is that of a name, or -1.
func (w *worker) index(name string) int32 {
	for i, n := range w.program.Names {
		if n == name {
			return int32(i)
		}
	}
	return -1
}
