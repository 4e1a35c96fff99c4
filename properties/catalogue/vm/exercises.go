package vm

import (
	"fmt"
	"slices"

	"synchrony/models/program"
)

// exercise is an instruction or a builtin that is tried on the values of variables. It takes at most two: where an
// instruction takes three, one is the same as another, or fixed.
type exercise struct {
	name     string
	operands int
	// write loads the operands from variables, and stores what comes of it.
	write func(x *exerciser, operands []int32)
}

// exerciser writes an exercise behind a program that gives variables their values.
type exerciser struct {
	builder
	results [2]int32
	shared  int32
}

// exercised is the program with code behind it that tries the exercise on those variables.
func exercised(p *program.Program, e *exercise, operands []int32) *program.Program {
	x := &exerciser{builder: rebuild(p)}
	x.code = append(x.code, p.Main().Code...)
	x.results = [2]int32{x.variable("result"), x.variable("again")}
	x.shared = x.variable("shared")
	e.write(x, operands)
	return x.built()
}

func (x *exerciser) load(operands ...int32) {
	for _, v := range operands {
		x.emit(program.LoadName, v, 0)
	}
}

// keep stores the top n values.
func (x *exerciser) keep(n int) {
	for _, v := range x.results[:n] {
		x.emit(program.StoreName, v, 0)
	}
}

// function is a constant with a function of so many parameters; false if the program has none.
func (x *exerciser) function(params int) (int32, bool) {
	for _, f := range x.p.Functions[1:] {
		if f.Params == params {
			return x.constant(program.Func(f.Name)), true
		}
	}
	return 0, false
}

// exercises lists every instruction that takes operands from the stack, in each way to take them, every builtin, and
// what may be left on the stack.
func exercises() []exercise {
	all := []exercise{
		{"RETURN", 1, func(x *exerciser, v []int32) {
			x.load(v...)
			x.emit(program.Return, 0, 0)
		}},
		{"RETURN above another value", 1, func(x *exerciser, v []int32) {
			x.load(v...)
			x.push(program.Int(1))
			x.emit(program.Return, 0, 0)
		}},
	}
	for _, op := range program.Opcodes() {
		switch info, _ := op.Info(); {
		case op == program.CallBuiltin:
			all = append(all, builtins()...)
		case info.Pops == program.Variable:
			all = append(all, counted(op)...)
		case op == program.JumpIfFalse || op == program.JumpIfTrue:
			all = append(all, jumping(op))
		case info.A == program.SharedOperand:
			all = append(all, onShared(op, false), onShared(op, true))
		case info.Pops > 0:
			all = append(all, plain(op))
			if program.Eq <= op && op <= program.Gte {
				all = append(all, deciding(op, program.JumpIfFalse), deciding(op, program.JumpIfTrue))
			}
		}
	}
	return all
}

// deciding is a comparison and the jump that depends on it, which a machine may make one instruction of.
func deciding(op, jump program.Opcode) exercise {
	return exercise{fmt.Sprintf("%v and %v", op, jump), 2, func(x *exerciser, v []int32) {
		x.load(v...)
		x.emit(op, 0, 0)
		x.emit(jump, int32(len(x.code)+3), 0)
		x.load(v[0])
		x.keep(1)
		x.emit(program.Nop, 0, 0)
	}}
}

// plain is an instruction that takes what it needs, and no more, from the stack.
func plain(op program.Opcode) exercise {
	info, _ := op.Info()
	return exercise{op.String(), info.Pops, func(x *exerciser, v []int32) {
		a := int32(0)
		switch op {
		case program.StoreName:
			a = x.results[0]
		case program.ParallelMap:
			f, ok := x.function(1)
			if !ok {
				return
			}
			a = f
		}
		x.load(v...)
		x.emit(op, a, 0)
		x.keep(info.Pushes)
		if op == program.Add { // what was built of a list or a string must not change it
			x.load(v[0], v[0])
			x.emit(op, a, 0)
			x.keep(info.Pushes)
		}
	}}
}

// jumping is an instruction that jumps over others or does not.
func jumping(op program.Opcode) exercise {
	return exercise{op.String(), 1, func(x *exerciser, v []int32) {
		x.load(v...)
		x.emit(op, int32(len(x.code)+3), 0)
		x.load(v...)
		x.keep(1)
		x.emit(program.Nop, 0, 0)
	}}
}

// onShared is an instruction on a shared variable that is unset, or to which the first operand was written.
func onShared(op program.Opcode, set bool) exercise {
	info, _ := op.Info()
	e := exercise{name: op.String() + " of an unset variable", operands: info.Pops}
	if set {
		e.name, e.operands = op.String()+" of a variable with a value", min(1+info.Pops, 2)
	}
	e.write = func(x *exerciser, v []int32) {
		if set {
			x.load(v[0])
			x.emit(program.SharedWrite, x.shared, 0)
			v = v[1:]
		}
		x.load(v...)
		if len(v) < info.Pops { // what is to replace the value that is expected
			x.push(program.Int(1))
		}
		x.emit(op, x.shared, 0)
		x.keep(info.Pushes)
	}
	return e
}

// counted is an instruction that says how many operands it takes.
func counted(op program.Opcode) []exercise {
	var all []exercise
	for n := range 3 {
		count := int32(n)
		add := func(operands int, write func(x *exerciser, v []int32)) {
			all = append(all, exercise{fmt.Sprintf("%v with %d", op, n), operands, func(x *exerciser, v []int32) {
				write(x, v)
				x.keep(1)
			}})
		}
		switch op {
		case program.BuildList:
			add(n, func(x *exerciser, v []int32) {
				x.load(v...)
				x.emit(op, count, 0)
			})
		case program.BuildMap: // the second pair is the first one's, the other way round
			add(min(2*n, 2), func(x *exerciser, v []int32) {
				x.load(v...)
				if n == 2 {
					x.load(v[1], v[0])
				}
				x.emit(op, count, 0)
			})
		case program.CallFuncConst:
			add(n, func(x *exerciser, v []int32) {
				x.load(v...)
				if f, ok := x.function(n); ok {
					x.emit(op, f, count)
				} else {
					x.emit(program.BuildList, count, 0)
				}
			})
		case program.CallName: // the first operand is the function, the other its only argument, or both
			add(min(1+n, 2), func(x *exerciser, v []int32) {
				x.load(slices.Repeat(v[1:], n)...)
				x.emit(op, v[0], count)
			})
		case program.CallTop:
			add(min(1+n, 2), func(x *exerciser, v []int32) {
				x.load(v[0])
				x.load(slices.Repeat(v[1:], n)...)
				x.emit(op, count, 0)
			})
		}
	}
	return all
}

// builtins are all builtins with each number of arguments that they take, of one that takes any number with one and two.
func builtins() []exercise {
	var all []exercise
	for b := program.Builtin(0); b.Info().Name != ""; b++ {
		info := b.Info()
		most := info.Max
		if most < 0 {
			most = 2
		}
		for n := info.Min; n <= most; n++ {
			switch {
			case b == program.BuiltinAppend || b == program.BuiltinPut:
				all = append(all, making(b, n))
			case n == 3:
				all = append(all, calling(b, n, 1), calling(b, n, 2))
			default:
				all = append(all, calling(b, n, n))
			}
		}
	}
	return all
}

// calling is a builtin with n arguments. One of them may be fixed: number 1 is 0, and number 2 is 1.
func calling(b program.Builtin, n, fixed int) exercise {
	e := exercise{name: fmt.Sprintf("%v with %d", b, n), operands: n}
	if fixed < n {
		e.name, e.operands = fmt.Sprintf("%s, argument %d fixed,", e.name, fixed), n-1
	}
	e.write = func(x *exerciser, v []int32) {
		x.load(v[:fixed]...)
		if fixed < n {
			x.push(program.Int(int64(fixed - 1)))
			x.load(v[fixed:]...)
		}
		x.builtin(b, int32(n))
		x.keep(1)
	}
	return e
}

// making is a builtin that makes a list or map of another one, twice: neither what it is made of may change, nor what
// was made before. What is new in it may be of any kind, but not the list itself, which would have no end if it changed.
func making(b program.Builtin, n int) exercise {
	return exercise{b.String(), n - 1, func(x *exerciser, v []int32) {
		for i, value := range []string{"one", "another"} {
			x.load(v...)
			x.push(program.String(value))
			x.builtin(b, int32(n))
			x.emit(program.StoreName, x.results[i], 0)
		}
	}}
}
