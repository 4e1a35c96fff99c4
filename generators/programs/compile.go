package programs

import "synchrony/models/program"

// compiler turns statements into code. It knows at every point which variables have a value on
// all paths, how large ints may be, and how often the code may run, and so writes programs
// that end soon and without an error, unless they are meant to fail.
type compiler struct {
	options Options
	numbers programNumbers
	*tables

	kinds            []statementKind
	outside, inForks weightTable

	done      []finished // functions that may be called again
	statement int        // number of statements begun
	depth     int        // of statements within statements
	written   int        // the int variable that was written last
	bounds    [integers]float64
	steps     int   // executed at most, up to here
	time      int64 // ms of virtual time taken at most, up to here
}

// finished is a function that is complete.
type finished struct {
	name   string
	needs  variables // that must have a value when it is called
	gives  variables // that have one afterwards
	steps  int
	time   int64
	params int  // if any, it returns an int
	pure   bool // it may be called in a PARALLEL_MAP
	shared bool // it uses shared variables
}

// scope is a function in the making, and what holds at the end of its code so far.
type scope struct {
	function int  // index in the program
	inner    bool // any but the main code
	code     []program.Instruction
	locals   []int32
	has      variables // with a value on all paths that lead here
	needs    variables // used, but without a value here when the function began
	exits    variables // with a value wherever the function has returned so far
	shared   bool
	impure   bool
}

// context is where in the program a statement stands.
type context struct {
	times       int  // it may be executed, at most, in the whole run
	repeated    bool // it may be executed more than once
	conditional bool // it need not be executed
	pure        bool // in the function of a PARALLEL_MAP, or called there
	elements    int  // of the PARALLEL_MAP whose function's code this is; 0 if it is not
	loops       int  // around it in the function
	forks       int  // around it
	workers     int  // of the innermost fork
	block       *block
	direct      bool // in the block itself, not in a function called there
	diverges    bool // not all workers of the block come here, or not equally often
}

// block is the innermost fork's.
type block struct {
	phase int // barriers passed
	loops int // around the fork in the function
}

// valuesPerStatement is how many ints name one statement, so that a value tells who wrote it.
const valuesPerStatement = 10

// largestInt bounds the magnitude of ints, but for their linear growth in loops, which stays far from overflow.
const largestInt = 1e15

// maxDepth bounds statements within statements.
const maxDepth = 5

func newCompiler(n programNumbers, o Options) *compiler {
	c := &compiler{
		options: o, numbers: n, kinds: statementKinds(), tables: newTables(),
	}
	c.inForks = newWeightTable(c.kinds, o.inForks())
	o.Barriers = 0
	c.outside = newWeightTable(c.kinds, o)
	return c
}

// main compiles all statements.
func (c *compiler) main() {
	s := &scope{exits: everything}
	c.body(s, c.numbers.statements, context{times: 1})
	c.finish(s)
	canonical(c.program)
}

// finish puts a scope's code into its function. A jump must land on an instruction.
func (c *compiler) finish(s *scope) {
	for _, in := range s.code {
		if isJump(in.Op) && int(in.A) == len(s.code) {
			s.code = append(s.code, program.Instruction{Op: program.Nop})
			break
		}
	}
	f := &c.program.Functions[s.function]
	f.Code, f.Locals = s.code, s.locals
}

func isJump(op program.Opcode) bool {
	return op == program.Jump || op == program.JumpIfFalse || op == program.JumpIfTrue
}

// body compiles statements that follow each other.
func (c *compiler) body(s *scope, statements []statement, ctx context) {
	for len(statements) > 0 {
		first, rest := statements[0], statements[1:]
		taken := 0
		k := c.kindOf(first, ctx)
		index := c.statement
		c.statement++
		switch {
		case c.numbers.errs && c.numbers.place.Strikes(index, len(c.numbers.statements)):
			c.failure(s, first, ctx)
		case k.body && c.depth < maxDepth:
			taken = min(of(first.span, 8), len(rest))
			c.depth++
			k.write(c, s, first, rest[:taken], ctx)
			c.depth--
		case k.body || !k.allowed(ctx):
			c.assignment(s, first, ctx)
		default:
			k.write(c, s, first, nil, ctx)
		}
		statements = rest[taken:]
	}
}

// emit appends an instruction and returns its place.
func (c *compiler) emit(s *scope, ctx context, op program.Opcode, operands ...int32) int {
	s.code = append(s.code, instruction(op, operands...))
	c.steps += ctx.times
	return len(s.code) - 1
}

// land makes jumps lead to the next instruction.
func (s *scope) land(jumps ...int) {
	for _, at := range jumps {
		s.code[at].A = int32(len(s.code))
	}
}

// push emits a constant.
func (c *compiler) push(s *scope, ctx context, v program.Value) {
	c.emit(s, ctx, program.LoadConst, c.constant(v))
}

// pushInt emits an int constant.
func (c *compiler) pushInt(s *scope, ctx context, n int) { c.push(s, ctx, program.Int(int64(n))) }

// load emits the value of a variable that has one.
func (c *compiler) load(s *scope, ctx context, v variable) {
	if s.inner {
		s.needs |= v.bit() // in excess where the function has given it a value itself
	}
	c.emit(s, ctx, program.LoadName, c.name(v.name()))
}

// store emits a store.
func (c *compiler) store(s *scope, ctx context, v variable) {
	c.emit(s, ctx, program.StoreName, c.name(v.name()))
	s.has |= v.bit()
}

// builtin emits a call of a builtin.
func (c *compiler) builtin(s *scope, ctx context, b program.Builtin, args int) {
	c.emit(s, ctx, program.CallBuiltin, int32(b), int32(args))
	if b == program.BuiltinWork {
		s.impure = true
	}
}

// print emits a PRINT.
func (c *compiler) print(s *scope, ctx context) {
	c.emit(s, ctx, program.Print)
	s.impure = true
}

// unique returns an int that names the statement being compiled: the k-th of them.
func (c *compiler) unique(k int) int { return valuesPerStatement*c.statement + k }

// afford reports whether the code may still be executed so many times more, each of that many steps.
func (c *compiler) afford(steps int) bool { return c.steps+steps <= c.options.MaxSteps }
