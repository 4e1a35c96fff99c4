package vm

import (
	"fmt"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// generator draws well-formed programs: every drawn program passes the validator. What workers of a fork share
// commutes, so that there is one outcome.
type generator struct {
	t         *rapid.T
	p         *program.Program
	constants map[string]int32
	code      []program.Instruction
	function  int // 0 is main
	params    int
	loops     int
	inFork    int
	inMap     bool
	budget    int
	callable  int // functions from 1 to this may be called: no recursion, or steps explode
}

func drawProgram(t *rapid.T) *program.Program {
	g := &generator{t: t, p: &program.Program{}, constants: map[string]int32{}}
	for i := range 6 {
		g.p.Names = append(g.p.Names, fmt.Sprintf("g%d", i)) // 0…5
	}
	g.p.Names = append(g.p.Names, "s0", "s1", program.WorkerID, "a", "b", "l") // 6, 7, 8, 9…11
	for i := range 8 {
		g.p.Names = append(g.p.Names, fmt.Sprintf("i%d", i)) // 12…: loop counters
	}
	functions := rapid.IntRange(0, 3).Draw(t, "functions")
	g.p.Functions = make([]program.Function, functions+1)
	g.p.Functions[0] = program.Function{Name: program.MainName}
	for f := 1; f <= functions; f++ {
		g.p.Functions[f].Name = fmt.Sprintf("f%d", f)
	}
	for f := 1; f <= functions; f++ {
		params := 2 - f%2
		g.callable, g.inMap = f-1, f == 1
		g.p.Functions[f] = program.Function{
			Name: fmt.Sprintf("f%d", f), Params: params, Locals: []int32{9, 10, 11}, Code: g.body(f, params, 5),
		}
	}
	g.callable, g.inMap = functions, false
	g.p.Functions[0].Code = g.body(0, 0, rapid.IntRange(0, 25).Draw(t, "statements"))
	return g.p
}

func (g *generator) body(f, params, statements int) []program.Instruction {
	g.code, g.function, g.params, g.loops, g.inFork = nil, f, params, 0, 0
	g.budget = 60
	if !g.chance(6) { // mostly, variables are defined
		names := []int32{0, 1, 2, 3, 4, 5}
		if f > 0 {
			names = []int32{9, 10, 11}[params:]
		}
		for _, name := range names {
			g.load(g.literal())
			g.emit(program.StoreName, name, 0)
		}
	}
	for range statements {
		g.statement(2)
	}
	if f > 0 || g.chance(2) {
		g.expression(2)
		if g.chance(2) {
			g.emit(program.Return, 0, 0)
		}
	}
	return g.code
}

func (g *generator) chance(n int) bool { return rapid.IntRange(0, n-1).Draw(g.t, "chance") == n-1 }
func (g *generator) pick(n int) int    { return rapid.IntRange(0, n-1).Draw(g.t, "pick") }

func (g *generator) emit(op program.Opcode, a, b int32) int {
	g.code = append(g.code, program.Instruction{Op: op, A: a, B: b})
	return len(g.code) - 1
}

func (g *generator) constant(v program.Value) int32 {
	key := v.Kind().String() + v.String()
	if i, ok := g.constants[key]; ok {
		return i
	}
	g.p.Constants = append(g.p.Constants, v)
	g.constants[key] = int32(len(g.p.Constants) - 1)
	return g.constants[key]
}

func (g *generator) load(v program.Value) { g.emit(program.LoadConst, g.constant(v), 0) }

func (g *generator) variable(write bool) int32 {
	switch {
	case g.function > 0 && g.chance(2):
		return int32(9 + g.pick(3))
	case !write && g.inFork > 0 && g.chance(4):
		return 8
	default:
		return int32(g.pick(6))
	}
}

func (g *generator) literal() program.Value {
	switch 39 - g.pick(40) { // rapid prefers small numbers
	case 0:
		return program.Float(2.5)
	case 1:
		return program.String("ab")
	case 2:
		return program.List(program.Int(3), program.Int(1), program.String("x"))
	case 3:
		return program.Bool(true)
	case 4:
		return program.Map(program.Entry{Key: program.Int(1), Value: program.Int(5)})
	case 5:
		if g.chance(4) {
			return program.Int(1<<63 - 1)
		}
		return program.Nil
	default:
		return program.Int(int64(g.pick(9)))
	}
}

func (g *generator) expression(depth int) {
	g.budget--
	if depth == 0 || g.budget < 0 {
		if g.chance(2) {
			g.load(g.literal())
		} else {
			g.emit(program.LoadName, g.variable(false), 0)
		}
		return
	}
	switch k := g.pick(60); {
	case k < 12:
		g.expression(0)
	case k < 50:
		ops := []program.Opcode{
			program.Add, program.Add, program.Sub, program.Mul, program.Mul, program.Div, program.Mod, program.Pow,
		}
		if g.chance(10) {
			ops = []program.Opcode{
				program.Eq, program.Neq, program.Lt, program.Gt, program.Lte, program.Gte, program.And, program.Or,
			}
		}
		g.expression(depth - 1)
		g.expression(depth - 1)
		g.emit(ops[g.pick(len(ops))], 0, 0)
	case k < 52:
		g.expression(depth - 1)
		g.emit([]program.Opcode{program.Neg, program.Not}[g.pick(2)], 0, 0)
	case k < 54:
		g.expression(depth - 1)
		g.emit(program.Dup, 0, 0)
		switch g.pick(3) {
		case 0:
			g.emit(program.Add, 0, 0)
		case 1:
			g.emit(program.StoreName, g.variable(true), 0)
		default:
			g.emit(program.JumpIfFalse, int32(len(g.code)+1), 0)
			g.emit(program.Nop, 0, 0)
		}
	case k < 57 && g.callable > 0:
		g.callFunction(depth)
	case k == 57:
		b := program.Builtin(g.pick(int(program.BuiltinWork)))
		n := b.Info().Min
		for range n {
			g.expression(depth - 1)
		}
		g.emit(program.CallBuiltin, int32(b), int32(n))
	case k == 58:
		g.load(program.List(program.Int(4), program.Float(0.5), program.String("q")))
		g.expression(depth - 1)
		g.emit(program.Index, 0, 0)
	default:
		n := g.pick(3)
		for range n {
			g.expression(depth - 1)
		}
		g.emit(program.BuildList, int32(n), 0)
	}
}

func (g *generator) callFunction(depth int) {
	f := 1 + g.pick(g.callable)
	params := 2 - f%2
	value := program.Func(fmt.Sprintf("f%d", f))
	switch kind := g.pick(3); {
	case kind == 1 && !g.inMap: // a call of a value may reach any function, so a map's can't have one
		g.load(value)
		for range params {
			g.expression(depth - 1)
		}
		g.emit(program.CallTop, int32(params), 0)
	case kind == 2 && !g.inMap:
		v := int32(g.pick(6))
		g.emit(program.StoreFunc, v, g.constant(value))
		for range params {
			g.expression(depth - 1)
		}
		g.emit(program.CallName, v, int32(params))
	default:
		for range params {
			g.expression(depth - 1)
		}
		g.emit(program.CallFuncConst, g.constant(value), int32(params))
	}
}

func (g *generator) statement(depth int) {
	switch k := g.pick(24); {
	case k < 11 || depth == 0:
		g.expression(2)
		g.emit(program.StoreName, g.variable(true), 0)
	case k < 13:
		g.branch(depth)
	case k < 16:
		g.loop(depth)
	case k < 18 && !g.inMap:
		g.expression(2)
		g.emit(program.Print, 0, 0)
	case k == 18 && !g.inMap:
		g.load(program.Int(int64(g.pick(3))))
		g.emit(program.AtomicAdd, int32(6+g.pick(2)), 0)
		g.emit(program.Pop, 0, 0)
	case k == 19 && !g.inMap && g.function == 0 && g.inFork == 0:
		g.shared()
	case k < 22 && !g.inMap && g.inFork < 2:
		g.fork(depth)
	case k == 22 && len(g.p.Functions) > 1 && (g.function != 1):
		g.load(program.List(program.Int(1), program.Int(2), program.Int(3)))
		if g.chance(4) {
			g.emit(program.Pop, 0, 0)
			g.expression(1)
		}
		g.emit(program.ParallelMap, g.constant(program.Func("f1")), 0)
		g.emit(program.StoreName, g.variable(true), 0)
		if g.callable < 1 {
			g.code = g.code[:len(g.code)-2]
			g.emit(program.Pop, 0, 0)
		}
	case k == 23 && g.function == 0 && g.inFork == 0 && g.chance(3):
		skip := g.condition()
		g.expression(1)
		g.emit(program.Return, 0, 0)
		g.code[skip].A = g.here()
	default:
		g.emit(program.Nop, 0, 0)
	}
}

// here is the next instruction; there is one, as a jump has to have a target.
func (g *generator) here() int32 {
	g.emit(program.Nop, 0, 0)
	return int32(len(g.code) - 1)
}

func (g *generator) shared() {
	v := int32(6 + g.pick(2))
	switch g.pick(3) {
	case 0:
		g.expression(1)
		g.emit(program.SharedWrite, v, 0)
		return
	case 1:
		g.emit(program.SharedRead, v, 0)
	default:
		g.expression(1)
		g.expression(1)
		g.emit(program.AtomicCAS, v, 0)
	}
	g.emit(program.StoreName, g.variable(true), 0)
}

// condition emits one, and a jump that is taken if it is false.
func (g *generator) condition() int {
	g.expression(1)
	if g.chance(2) {
		g.expression(1)
		g.emit([]program.Opcode{program.Lt, program.Gte, program.Eq, program.Neq}[g.pick(4)], 0, 0)
	}
	return g.emit([]program.Opcode{program.JumpIfFalse, program.JumpIfTrue}[g.pick(2)], 0, 0)
}

func (g *generator) branch(depth int) {
	skip := g.condition()
	for range 1 + g.pick(2) {
		g.statement(depth - 1)
	}
	if g.chance(2) {
		out := g.emit(program.Jump, 0, 0)
		g.code[skip].A = g.here()
		g.statement(depth - 1)
		g.code[out].A = g.here()
		return
	}
	g.code[skip].A = g.here()
}

func (g *generator) loop(depth int) {
	if g.loops == 8 {
		return
	}
	counter := int32(12 + g.loops)
	g.loops++
	g.load(program.Int(0))
	g.emit(program.StoreName, counter, 0)
	head := int32(len(g.code))
	g.emit(program.LoadName, counter, 0)
	g.load(program.Int(int64(1 + g.pick(4))))
	g.emit(program.Lt, 0, 0)
	out := g.emit(program.JumpIfFalse, 0, 0)
	g.statement(depth - 1)
	g.emit(program.LoadName, counter, 0)
	g.load(program.Int(1))
	g.emit(program.Add, 0, 0)
	g.emit(program.StoreName, counter, 0)
	g.emit(program.Jump, head, 0)
	g.code[out].A = g.here()
}

func (g *generator) fork(depth int) {
	g.emit(program.ForkExecution, int32(1+g.pick(3)), 0)
	g.inFork++
	for range 1 + g.pick(3) {
		g.statement(depth - 1)
		switch g.pick(6) {
		case 0:
			g.emit(program.BarrierSync, int32(g.pick(2)), 0)
		case 1:
			g.emit(program.LoadName, 8, 0)
			skip := g.emit(program.JumpIfTrue, 0, 0)
			g.emit(program.BarrierSync, 0, 0)
			g.code[skip].A = g.here()
		case 2:
			g.load(program.Int(int64(50_000 + 10_000*g.pick(3))))
			g.emit(program.CallBuiltin, int32(program.BuiltinWork), 1)
			g.emit(program.Pop, 0, 0)
		}
	}
	g.inFork--
	g.emit(program.JoinWorkers, int32(60_000*g.pick(2)), 0)
}
