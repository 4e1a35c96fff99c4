package synchrony

import (
	"slices"

	"synchrony/models/batch"
)

// opcode is an instruction of a compiled intent.
type opcode uint8

const (
	opNeg    opcode = iota // dst = -a
	opAdd                  // dst = a + b
	opSub                  // dst = a - b
	opMul                  // dst = a * b
	opDiv                  // dst = a / b
	opMod                  // dst = a % b
	opMove                 // dst = a
	opDefine               // dst = a, of equation number b: the new balance that it defines
	opCarry                // dst = the new balance of parameter b, which has no equation
	opGTE                  // fail unless a >= b; and so on
	opLTE
	opEQ
	opNEQ
	opGT
	opLT
)

// instr is an instruction. a, b and dst are registers, unless the opcode says
// otherwise.
type instr struct {
	op        opcode
	a, b, dst int32
}

// program is an intent compiled for evaluation: a straight line of instructions in
// the order in which the language judges things: the guards, the equations (all from
// old balances), whether they agree, the other conditions.
//
// The registers are, for p parameters: p with the amounts and old balances, p with the
// new balances; then the equations' values, the constants, and temporaries.
type program struct {
	params    int
	registers int
	consts    []int64
	code      []instr
	source    []source // by instruction
	guards    int      // how many instructions belong to guards
	// enough is how many instructions decide, if no two parameters are one account:
	// no condition asks for a new balance then, or else it is all of them.
	enough int

	amounts   []int32       // parameters whose amount is used
	reads     []int32       // parameters whose old balance is used
	read      []bool        // by parameter: it is among reads
	carries   int           // of reads, at the end: those used only if no equation writes their account
	defines   []int32       // by equation: the parameter it defines
	equations []*batch.Cond // by equation
	accounts  []int32       // all account parameters that are used
	repeats   bool          // two equations define one parameter
}

// source is what an instruction was compiled from: what a failure there names.
type source struct {
	cond *batch.Cond // of a check or a definition
	expr *batch.Expr // of arithmetic
}

// compiler compiles one intent.
type compiler struct {
	*program
	in    *batch.Intent
	index map[int64]int32 // constant: its number
	temps int32           // how many temporaries hold an operand; they are a stack
	most  int32           // the most there ever were
	guard bool            // in guards, New is the current balance, which is the old one
}

// reset makes an empty program that reuses the memory of what p was, and holds on
// to nothing else of it.
func (p *program) reset() {
	clear(p.source)
	clear(p.equations)
	*p = program{
		consts: p.consts[:0], code: p.code[:0], source: p.source[:0],
		amounts: p.amounts[:0], reads: p.reads[:0], read: p.read[:0],
		defines: p.defines[:0], equations: p.equations[:0], accounts: p.accounts[:0],
	}
}

// compile makes the program of a well-formed intent.
func (c *compiler) compile(in *batch.Intent, p *program) *program {
	clear(c.index)
	*c = compiler{program: p, in: in, index: c.index, guard: true}
	c.params = len(in.Params)
	c.collectEquations()
	c.collectConstants()
	for i := range in.Guard {
		c.check(&in.Guard[i])
	}
	c.guard, c.guards = false, len(c.code)
	for eq, cond := range c.equations {
		c.move(c.expr(cond.Right), c.firstEquation()+int32(eq))
	}
	c.enough = len(c.code)
	for eq, cond := range c.equations {
		c.emit(instr{op: opDefine, a: c.firstEquation() + int32(eq), b: int32(eq), dst: c.balance(c.defines[eq])}, source{cond: cond})
	}
	c.carry()
	for i := range in.Verify {
		if _, ok := in.Verify[i].Defines(); !ok {
			c.check(&in.Verify[i])
			c.enough = len(c.code)
		}
	}
	c.registers = int(c.firstTemp() + c.most)
	c.accounts = append(append(c.accounts, c.reads...), c.defines...)
	c.read = zeroed(c.read, c.params)
	for _, p := range c.reads {
		c.read[p] = true
	}
	slices.Sort(c.accounts)
	c.accounts = slices.Compact(c.accounts)
	return c.program
}

func (p *program) balance(param int32) int32 { return int32(p.params) + param }
func (p *program) firstEquation() int32      { return int32(2 * p.params) }
func (p *program) firstConst() int32         { return p.firstEquation() + int32(len(p.equations)) }
func (p *program) firstTemp() int32          { return p.firstConst() + int32(len(p.consts)) }

func (c *compiler) collectEquations() {
	for i := range c.in.Verify {
		if p, ok := c.in.Verify[i].Defines(); ok {
			c.repeats = c.repeats || slices.Contains(c.defines, int32(p))
			c.defines = append(c.defines, int32(p))
			c.equations = append(c.equations, &c.in.Verify[i])
		}
	}
}

func (c *compiler) collectConstants() {
	for _, conds := range [][]batch.Cond{c.in.Guard, c.in.Verify} {
		for i := range conds {
			c.constants(conds[i].Left)
			c.constants(conds[i].Right)
		}
	}
}

func (c *compiler) constants(e *batch.Expr) {
	switch {
	case e == nil:
	case e.Kind == batch.IntLit:
		if _, ok := c.index[e.Int]; !ok {
			if c.index == nil {
				c.index = map[int64]int32{}
			}
			c.index[e.Int] = int32(len(c.consts))
			c.consts = append(c.consts, e.Int)
		}
	default:
		c.constants(e.Left)
		c.constants(e.Right)
	}
}

func (c *compiler) check(cond *batch.Cond) {
	a := c.expr(cond.Left)
	b := c.expr(cond.Right)
	c.emit(instr{op: checks[cond.Op], a: a, b: b}, source{cond: cond})
	c.temps = 0
}

// move gives register dst the value of an expression. If that has just been
// computed, it may as well be computed there.
func (c *compiler) move(value, dst int32) {
	if value >= c.firstTemp() {
		c.code[len(c.code)-1].dst = dst
	} else {
		c.emit(instr{op: opMove, a: value, dst: dst}, source{})
	}
	c.temps = 0
}

// carry sees to the new balances that conditions use and no equation defines.
func (c *compiler) carry() {
	var used []int32
	for i := range c.in.Verify {
		if _, ok := c.in.Verify[i].Defines(); ok {
			continue
		}
		for t := range c.in.Verify[i].Terms {
			switch p := int32(t.Param); {
			case t.Kind == batch.Old:
				c.reads = add(c.reads, p) // all of these come before the carries
			case t.Kind == batch.New && !slices.Contains(c.defines, p):
				used = add(used, p)
			}
		}
	}
	for _, p := range used {
		if !slices.Contains(c.reads, p) {
			c.reads = append(c.reads, p)
			c.carries++
		}
		c.emit(instr{op: opCarry, a: p, b: p, dst: c.balance(p)}, source{})
	}
}

// expr emits the evaluation of e, left operand before right, and returns the
// register that then holds its value.
func (c *compiler) expr(e *batch.Expr) int32 {
	p := int32(e.Param)
	switch e.Kind {
	case batch.IntLit:
		return c.firstConst() + c.index[e.Int]
	case batch.Amount:
		c.amounts = add(c.amounts, p)
		return p
	case batch.New:
		if !c.guard {
			return c.balance(p)
		}
		fallthrough
	case batch.Old:
		c.reads = add(c.reads, p)
		return p
	}
	in := instr{op: opNeg, a: c.expr(e.Left)}
	if e.Kind != batch.Neg {
		in.op = binary[e.Kind]
		in.b = c.expr(e.Right)
		c.free(in.b)
	}
	c.free(in.a)
	in.dst = c.firstTemp() + c.temps
	c.temps++
	c.most = max(c.most, c.temps)
	c.emit(in, source{expr: e})
	return in.dst
}

var binary = [...]opcode{batch.Add: opAdd, batch.Sub: opSub, batch.Mul: opMul, batch.Div: opDiv, batch.Mod: opMod}

var checks = [...]opcode{
	batch.GTE: opGTE, batch.LTE: opLTE, batch.EQ: opEQ, batch.NEQ: opNEQ, batch.GT: opGT, batch.LT: opLT,
}

func (c *compiler) free(register int32) {
	if register >= c.firstTemp() {
		c.temps--
	}
}

func (c *compiler) emit(in instr, s source) {
	c.code = append(c.code, in)
	c.source = append(c.source, s)
}

// add adds p to a set.
func add(set []int32, p int32) []int32 {
	if slices.Contains(set, p) {
		return set
	}
	return append(set, p)
}

// compileCalls compiles each intent that the batch calls, once.
func (sc *scratch) compileCalls(b *batch.Batch) {
	sc.programs = resize(sc.programs, len(b.Transactions))
	var (
		lastIntent  *batch.Intent
		lastProgram *program
	)
	for i := range b.Transactions {
		call := b.Transactions[i].Call
		if call == nil {
			sc.programs[i] = nil
			continue
		}
		if call.Intent != lastIntent {
			lastIntent, lastProgram = call.Intent, sc.programOf(call.Intent)
		}
		sc.programs[i] = lastProgram
	}
}

// programOf is the program of an intent in this batch.
func (sc *scratch) programOf(in *batch.Intent) *program {
	if p := sc.compiled[in]; p != nil {
		return p
	}
	if sc.compiled == nil {
		sc.compiled = map[*batch.Intent]*program{}
	}
	n := len(sc.compiled)
	if n == len(sc.pool) {
		sc.pool = append(sc.pool, new(program))
	}
	p := sc.compiler.compile(in, sc.pool[n])
	sc.compiled[in] = p
	return p
}
