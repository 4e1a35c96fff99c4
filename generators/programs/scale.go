package programs

import (
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"synchrony/generators/bounds"
	"synchrony/generators/choice"
	"synchrony/models/program"
)

// dimension is a way in which a program is large: what is n of it, and a bound of a machine may be on that.
type dimension struct {
	name string // as in the table of bounds
	most int    // what the language allows, or more costs more than it is worth
	add  func(l *large, n int)
}

// dimensions are ordered from simple to complex, as a shrinker prefers them.
func dimensions() []dimension {
	return []dimension{
		{"chunks", 1002, (*large).links},
		{"variables", 300, (*large).variables},
		{"constants", 300, (*large).constants},
		{"output", 300, (*large).output},
		{"steps", 16_400, (*large).loop},
		{"bytes", 300, (*large).text},
		{"entries", 300, (*large).entries},
		{"elements", 1030, (*large).elements},
		{"shared variables", 300, (*large).shared},
		{"functions", 300, (*large).functions},
		{"locals", program.MaxLocals, (*large).locals},
		{"parameters", program.MaxStack - 1, (*large).parameters},
		{"stack", program.MaxStack - 1, (*large).stack},
		{"calls", program.MaxStack - 1, (*large).calls},
		{"accesses", 8200, (*large).accesses},
		{"fork workers", program.MaxWorkers, (*large).fork},
		{"rounds", 300, (*large).rounds},
		{"depth", 1001, (*large).recursion}, // which may be an error, and hide what comes after it
	}
}

// What else of a run is large.
const (
	poolSize  = "workers"
	attempts  = "attempts" // at the first chunk
	queueSize = "queue"
)

// The most of these.
const (
	maxPool     = 130
	maxAttempts = 300
	maxQueue    = 300
)

// ScaledSteps is the limit on the steps of large programs, which no other drawn program has.
const ScaledSteps = 200_000

// scaleNumbers is what is drawn of a large program: the size of each dimension, 0 for none.
type scaleNumbers struct {
	sizes   []int // by dimension
	apart   bool  // the chunks do not need each other
	fails   bool  // it ends with an error
	workers int
	mode    program.Mode
	chunk   int
	queue   int
	tries   int // attempts at the first chunk
}

// Scaled draws programs that are large: one is in one way at least, of a size around some bound of the machine or of
// fields of their widths (see package bounds). No order of accesses can be seen, and nothing limits their time.
func Scaled() *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn { return Drawn{drawScale(choice.From(t)).workload()} })
}

// ScaledSizes returns how many there are at most of each thing of which Scaled draws a number, by its name in the table of bounds.
func ScaledSizes() map[string]int {
	most := map[string]int{poolSize: maxPool, attempts: maxAttempts, queueSize: maxQueue}
	for _, d := range dimensions() {
		most[d.name] = d.most
	}
	return most
}

func drawScale(s choice.Source) scaleNumbers {
	all := dimensions()
	n := scaleNumbers{sizes: make([]int, len(all))}
	chosen := choice.Below(s, len(all))
	for i, d := range all {
		also, size := choice.Chance(s, 35), around(d.name, d.most).Draw(s)
		if also || i == chosen {
			n.sizes[i] = size
		}
	}
	n.apart = choice.Chance(s, 30)
	n.fails = choice.Chance(s, 25)
	n.mode = []program.Mode{program.Parallel, program.Auto, program.Sequential}[choice.Pick(s, 7, 2, 1)]
	n.workers = 2
	if pool := around(poolSize, maxPool).Draw(s); choice.Chance(s, 40) {
		n.workers = pool
	}
	n.chunk = []int{4, 1, 50, 1000}[choice.Pick(s, 4, 1, 2, 2)]
	if queue := around(queueSize, maxQueue).Draw(s); choice.Chance(s, 20) {
		n.queue = queue
	}
	if tries := around(attempts, maxAttempts).Draw(s); choice.Chance(s, 15) {
		n.tries = tries
	}
	return n
}

func around(name string, most int) choice.Sizes { return choice.Around(bounds.Of(name), most) }

func (n scaleNumbers) workload() program.Workload {
	l := &large{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}, names: map[string]int32{}, values: map[string]int32{}, apart: n.apart}
	for i, d := range dimensions() {
		if n.sizes[i] > 0 {
			d.add(l, n.sizes[i])
		}
	}
	if n.fails {
		l.push(program.String(strings.Repeat("x", max(l.bytes, 1))))
		l.emit(program.Neg)
		l.emit(program.Pop)
	}
	l.p.Functions[0].Code = l.code
	canonical(l.p)
	s := program.Setup{Mode: n.mode, Workers: n.workers, ChunkSize: n.chunk, MinChunkSize: 1, QueueSize: n.queue, Limits: program.Limits{Steps: ScaledSteps}}
	if n.tries > 1 {
		s.Retries = n.tries
		for k := range n.tries {
			s.Faults = append(s.Faults, program.Fault{Kind: program.FailAttempt, Attempt: k})
		}
	}
	return program.Workload{Program: l.p, Setup: s}
}

// large is a large program in the making: its main code.
type large struct {
	p      *program.Program
	names  map[string]int32
	values map[string]int32
	code   []program.Instruction
	apart  bool
	bytes  int // of its longest string
}

func (l *large) emit(op program.Opcode, operands ...int32) {
	in := program.Instruction{Op: op}
	for i, x := range operands {
		*[]*int32{&in.A, &in.B}[i] = x
	}
	l.code = append(l.code, in)
}

func (l *large) name(s string) int32 {
	i, ok := l.names[s]
	if !ok {
		i = int32(len(l.p.Names))
		l.names[s], l.p.Names = i, append(l.p.Names, s)
	}
	return i
}

func (l *large) constant(v program.Value) int32 {
	i, ok := l.values[v.String()]
	if !ok {
		i = int32(len(l.p.Constants))
		l.values[v.String()], l.p.Constants = i, append(l.p.Constants, v)
	}
	return i
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
	l.p.Functions = append(l.p.Functions, f)
	return l.constant(program.Func(name))
}

func numbered(prefix string, k int) string { return prefix + strconv.Itoa(k) }

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
	var names []string
	for k := range n {
		names = append(names, numbered("x", k))
	}
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
	var names []string
	for k := range n {
		names = append(names, numbered("y", k))
	}
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
