package programs

import (
	"strconv"
	"strings"

	"synchrony/models/program"
)

// large is a large program in the making: its main code.
type large struct {
	*tables
	code  []program.Instruction
	apart bool
	bytes int // of its longest string
}

func (l *large) emit(op program.Opcode, operands ...int32) {
	l.code = append(l.code, instruction(op, operands...))
}

func (l *large) push(v program.Value)   { l.emit(program.LoadConst, l.constant(v)) }
func (l *large) int(n int)              { l.push(program.Int(int64(n))) }
func (l *large) load(name string)       { l.emit(program.LoadName, l.name(name)) }
func (l *large) store(name string)      { l.emit(program.StoreName, l.name(name)) }
func (l *large) set(name string, n int) { l.int(n); l.store(name) }

func (l *large) builtin(b program.Builtin, args int32) { l.emit(program.CallBuiltin, int32(b), args) }

// add adds the value on the stack to a variable.
func (l *large) add(name string) {
	l.load(name)
	l.emit(program.Add)
	l.store(name)
}

// function adds a function whose code is what write emits.
func (l *large) function(name string, params int, locals []string, write func()) int32 {
	main := l.code
	l.code = nil
	write()
	f := program.Function{Name: name, Params: params, Code: l.code}
	for _, local := range locals {
		f.Locals = append(f.Locals, l.name(local))
	}
	l.code = main
	l.program.Functions = append(l.program.Functions, f)
	return l.constant(program.Func(name))
}

func numbered(prefix string, k int) string { return prefix + strconv.Itoa(k) }

// numberedUpTo are n names with a prefix.
func numberedUpTo(prefix string, n int) []string {
	var names []string
	for k := range n {
		names = append(names, numbered(prefix, k))
	}
	return names
}

// links adds n pieces of four instructions, of which each needs the one before it, or none.
func (l *large) links(n int) {
	l.set("c0", 1)
	for k := 1; k < n; k++ {
		from := "c0"
		if k > 1 && !l.apart {
			from = numbered("c", 1+(k-1)%7)
		}
		l.load(from)
		l.int(k % 100)
		l.emit(program.Add)
		l.store(numbered("c", 1+k%7))
	}
}

// variables adds n variables, and a sum of all.
func (l *large) variables(n int) {
	for k := range n {
		l.set(numbered("v", k), k)
	}
	l.set("vs", 0)
	for k := range n {
		l.load(numbered("v", k))
		l.add("vs")
	}
}

// strings adds n variables with strings that are made at run time, and reads them all.
func (l *large) strings(n int) {
	for k := range n {
		l.int(k)
		l.builtin(program.BuiltinStr, 1)
		l.store(numbered("u", k))
	}
	l.push(program.String(""))
	l.store("us")
	for k := range n {
		l.load("us")
		l.load(numbered("u", k))
		l.emit(program.Add)
		l.store("us")
	}
}

// constants adds n constants that nothing else has.
func (l *large) constants(n int) {
	l.set("k", 0)
	for k := range n {
		l.int(1_000_000 + k*k)
		l.add("k")
	}
}

func (l *large) output(n int) {
	for k := range n {
		l.int(k)
		l.emit(program.Print)
	}
}

// loop adds a loop of about n steps.
func (l *large) loop(n int) {
	l.set("i", 0)
	top := int32(len(l.code))
	l.int(1)
	l.add("i")
	l.load("i")
	l.int(n / 8)
	l.emit(program.Lt)
	l.emit(program.JumpIfTrue, top)
}

// text adds a string of n bytes, made, measured and cut.
func (l *large) text(n int) {
	l.bytes = n
	l.push(program.String(strings.Repeat("a", n/2)))
	l.push(program.String(strings.Repeat("b", n-n/2)))
	l.emit(program.Add)
	l.store("t")
	l.load("t")
	l.int(n - 1)
	l.emit(program.Index)
	l.store("tl")
	l.load("t")
	l.int(n / 2)
	l.int(n)
	l.builtin(program.BuiltinSlice, 3)
	l.store("ts")
}

// entries adds a map of n entries and a list of as many, which are read, changed and read again.
func (l *large) entries(n int) {
	var entries []program.Entry
	var elements []program.Value
	for k := range n {
		entries = append(entries, program.Entry{Key: program.Int(int64(k)), Value: program.Int(int64(k * k))})
		elements = append(elements, program.Int(int64(3*k)))
	}
	l.push(program.Map(entries...))
	l.store("m")
	l.push(program.List(elements...))
	l.store("l")
	for _, name := range []string{"m", "l"} {
		l.load(name)
		l.int(n - 1)
		l.int(7)
		l.builtin(program.BuiltinPut, 3)
		l.store(name + "p")
		for _, read := range []string{name, name + "p"} {
			l.load(read)
			l.int(n - 1)
			l.emit(program.Index)
			l.store(read + "x")
		}
	}
	l.load("mp")
	l.builtin(program.BuiltinValues, 1)
	l.builtin(program.BuiltinSum, 1)
	l.store("ms")
}

// elements maps a list of n elements, in a function that has a variable of its own.
func (l *large) elements(n int) {
	l.set("g", 5)
	f := l.function("mapped", 1, []string{"e"}, func() {
		l.load("e")
		l.load("e")
		l.emit(program.Mul)
		l.load("g")
		l.emit(program.Add)
		l.emit(program.Return)
	})
	l.int(n)
	l.builtin(program.BuiltinRange, 1)
	l.emit(program.ParallelMap, f)
	l.store("es")
}

// shared writes n shared variables, and adds to each.
func (l *large) shared(n int) {
	l.set("ss", 0)
	for k := range n {
		l.int(k)
		l.emit(program.SharedWrite, l.name(numbered("s", k)))
	}
	for k := range n {
		l.int(k)
		l.emit(program.AtomicAdd, l.name(numbered("s", k)))
		l.add("ss")
	}
}

// functions adds n functions, each called once.
func (l *large) functions(n int) {
	l.set("f", 0)
	for k := range n {
		f := l.function(numbered("f", k), 1, []string{"x"}, func() {
			l.load("x")
			l.int(k + 1)
			l.emit(program.Add)
			l.emit(program.Return)
		})
		l.load("f")
		l.emit(program.CallFuncConst, f, 1)
		l.store("f")
	}
}

// locals adds a function of n local variables.
func (l *large) locals(n int) {
	names := numberedUpTo("x", n)
	f := l.function("roomy", 0, names, func() {
		for k, name := range names {
			l.set(name, k)
		}
		l.int(0)
		for _, name := range names {
			l.load(name)
			l.emit(program.Add)
		}
		l.emit(program.Return)
	})
	l.emit(program.CallFuncConst, f, 0)
	l.store("ls")
}

// parameters adds a function of n parameters, which weighs them.
func (l *large) parameters(n int) {
	names := numberedUpTo("y", n)
	f := l.function("many", n, names, func() {
		l.int(0)
		for k, name := range names {
			l.load(name)
			l.int(k + 1)
			l.emit(program.Mul)
			l.emit(program.Add)
		}
		l.emit(program.Return)
	})
	for k := range n {
		l.int(k % 90)
	}
	l.emit(program.CallFuncConst, f, int32(n))
	l.store("ps")
}

// stack adds an expression that holds n values at once.
func (l *large) stack(n int) {
	for k := range n {
		l.int(k % 90)
	}
	for range n - 1 {
		l.emit(program.Sub)
	}
	l.store("d")
}

// calls adds a call inside an expression that holds n values.
func (l *large) calls(n int) {
	f := l.function("one", 0, []string{"z"}, func() {
		l.set("z", 1)
		l.load("z")
		l.emit(program.Return)
	})
	for range n {
		l.emit(program.CallFuncConst, f, 0)
	}
	for range n - 1 {
		l.emit(program.Add)
	}
	l.store("cs")
}

// recursion adds calls n deep: beyond the limit on them that is the program's error.
func (l *large) recursion(n int) {
	self := l.constant(program.Func("deeper"))
	l.function("deeper", 1, []string{"n"}, func() {
		l.load("n")
		l.int(2)
		l.emit(program.Lt)
		l.emit(program.JumpIfFalse, 6)
		l.int(1)
		l.emit(program.Return)
		l.load("n")
		l.load("n")
		l.int(1)
		l.emit(program.Sub)
		l.emit(program.CallFuncConst, self, 1)
		l.emit(program.Add)
		l.emit(program.Return)
	})
	l.int(n)
	l.emit(program.CallFuncConst, self, 1)
	l.store("r")
}

// perCall is how many variables the function of accesses reads.
const perCall = 64

// accesses adds a function whose calls access n variables, each counted as often as it is accessed.
func (l *large) accesses(n int) {
	for k := range perCall {
		l.set(numbered("a", k), k)
	}
	reads := l.function("reads", 0, nil, func() {
		l.int(0)
		for k := range perCall {
			l.load(numbered("a", k))
			l.emit(program.Add)
		}
		l.emit(program.Return)
	})
	all := l.function("again", 0, nil, func() {
		l.int(0)
		for range n/perCall + 1 {
			l.emit(program.CallFuncConst, reads, 0)
			l.emit(program.Add)
		}
		l.emit(program.Return)
	})
	l.emit(program.CallFuncConst, all, 0)
	l.store("as")
}

// fork adds a fork of n workers, the last of which decides a variable, and all of which print.
func (l *large) fork(n int) {
	l.set("w", 100)
	l.emit(program.ForkExecution, int32(n))
	l.load(program.WorkerID)
	l.add("w")
	l.load("w")
	l.emit(program.Print)
	l.emit(program.JoinWorkers, 0)
}

// rounds adds a fork whose workers meet n times.
func (l *large) rounds(n int) {
	l.set("b", 0)
	l.emit(program.ForkExecution, 3)
	top := int32(len(l.code))
	l.emit(program.BarrierSync, 1)
	l.int(1)
	l.add("b")
	l.load("b")
	l.int(n)
	l.emit(program.Lt)
	l.emit(program.JumpIfTrue, top)
	l.emit(program.JoinWorkers, 0)
}
