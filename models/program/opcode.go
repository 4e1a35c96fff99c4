package program

import "fmt"

// Opcode is an instruction's number. Numbers are part of the binary form.
type Opcode uint16

// The instruction set. Stack effects are written (before -- after), top on the right.
const (
	LoadConst Opcode = 1 // ( -- v) A: constant
	LoadName  Opcode = 2 // ( -- v) A: variable
	StoreName Opcode = 3 // (v -- ) A: variable
	StoreFunc Opcode = 4 // ( -- ) A: variable, B: function constant
	Pop       Opcode = 5 // (v -- )
	Dup       Opcode = 6 // (v -- v v)

	Add Opcode = 10 // (a b -- a+b)
	Sub Opcode = 11
	Mul Opcode = 12
	Div Opcode = 13
	Mod Opcode = 14
	Pow Opcode = 15
	Neg Opcode = 16 // (a -- -a)

	Eq  Opcode = 20 // (a b -- bool)
	Neq Opcode = 21
	Lt  Opcode = 22
	Gt  Opcode = 23
	Lte Opcode = 24
	Gte Opcode = 25

	And Opcode = 30 // (a b -- bool)
	Or  Opcode = 31
	Not Opcode = 32 // (a -- bool)

	Jump        Opcode = 40 // ( -- ) A: target
	JumpIfFalse Opcode = 41 // (v -- ) A: target
	JumpIfTrue  Opcode = 42 // (v -- ) A: target
	Return      Opcode = 43 // ends the function with the top of the stack, or nil if it is empty

	CallName      Opcode = 50 // (a1…an -- v) A: variable that holds the function, B: n
	CallFuncConst Opcode = 51 // (a1…an -- v) A: function constant, B: n
	CallTop       Opcode = 52 // (f a1…an -- v) A: n; the function lies below its arguments
	CallBuiltin   Opcode = 53 // (a1…an -- v) A: Builtin, B: n

	BuildList Opcode = 60 // (v1…vn -- list) A: n
	BuildMap  Opcode = 61 // (k1 v1…kn vn -- map) A: n pairs; of equal keys the last wins
	Index     Opcode = 63 // (list int -- v), (map key -- v), (string int -- string of one byte); from 0

	Print Opcode = 250 // (v -- ) one line of output: a string as it is, anything else as String
	Nop   Opcode = 255 // ( -- )

	ForkExecution Opcode = 300 // ( -- ) A: workers, 1…MaxWorkers
	JoinWorkers   Opcode = 301 // ( -- ) A: timeout in ms, 0 is none
	ParallelMap   Opcode = 302 // (list -- list) A: function constant
	BarrierSync   Opcode = 303 // ( -- ) A: barrier id
	SharedRead    Opcode = 304 // ( -- v) A: shared variable
	SharedWrite   Opcode = 305 // (v -- ) A: shared variable
	AtomicAdd     Opcode = 308 // (delta -- sum) A: shared variable
	AtomicCAS     Opcode = 309 // (expected new -- bool) A: shared variable
)

// OperandKind is what an instruction's operand is.
type OperandKind uint8

// The operand kinds. Unused operands must be 0.
const (
	NoOperand      OperandKind = iota
	ConstOperand               // index in Program.Constants
	FuncOperand                // index in Program.Constants, of a function
	NameOperand                // index in Program.Names, of a variable
	SharedOperand              // index in Program.Names, of a shared variable
	TargetOperand              // index of an instruction of the same function
	CountOperand               // number of arguments, elements or pairs
	BuiltinOperand             // a Builtin
	WorkersOperand             // number of workers
	TimeoutOperand             // milliseconds
	BarrierOperand             // barrier id
)

// Effect is a set of things that an instruction may do beyond its operand stack.
type Effect uint16

// The effects.
const (
	ReadsVariable  Effect = 1 << iota // variable A
	WritesVariable                    // variable A
	ReadsShared                       // shared variable A
	WritesShared                      // shared variable A
	Prints
	MayFail   // by its operands' values or an undefined name; any instruction may fail by a limit
	Branches  // may continue elsewhere than at the next instruction
	Calls     // a function of the program: its effects, too
	Forks     // FORK_EXECUTION, JOIN_WORKERS, PARALLEL_MAP
	Waits     // for other workers or for time
	TakesTime // advances virtual time
)

// Variable stands for a number of pops that depends on the operands.
const Variable = -1

// Info describes an instruction.
type Info struct {
	Name   string // the mnemonic: "LOAD_CONST"
	A, B   OperandKind
	Pops   int // or Variable; see [Instruction.Pops]
	Pushes int
	// Effects of the instruction itself; CALL_BUILTIN has those of its builtin besides.
	Effects Effect
}

// Info returns op's description; ok is false for an unknown opcode.
func (op Opcode) Info() (info Info, ok bool) {
	if int(op) < len(infos) {
		info = infos[op]
	}
	return info, info.Name != ""
}

// String returns op's mnemonic.
func (op Opcode) String() string {
	if info, ok := op.Info(); ok {
		return info.Name
	}
	return fmt.Sprintf("OPCODE_%d", uint16(op))
}

// Opcodes returns the whole instruction set in ascending order.
func Opcodes() []Opcode {
	var all []Opcode
	for op := range infos {
		if infos[op].Name != "" {
			all = append(all, Opcode(op))
		}
	}
	return all
}

// infos is indexed by opcode; unknown ones have no name. It is never written.
var infos = [...]Info{
	LoadConst: {Name: "LOAD_CONST", A: ConstOperand, Pushes: 1},
	LoadName:  {Name: "LOAD_NAME", A: NameOperand, Pushes: 1, Effects: ReadsVariable | MayFail},
	StoreName: {Name: "STORE_NAME", A: NameOperand, Pops: 1, Effects: WritesVariable},
	StoreFunc: {Name: "STORE_FUNC", A: NameOperand, B: FuncOperand, Effects: WritesVariable},
	Pop:       {Name: "POP", Pops: 1},
	Dup:       {Name: "DUP", Pops: 1, Pushes: 2},

	Add: {Name: "ADD", Pops: 2, Pushes: 1, Effects: MayFail},
	Sub: {Name: "SUB", Pops: 2, Pushes: 1, Effects: MayFail},
	Mul: {Name: "MUL", Pops: 2, Pushes: 1, Effects: MayFail},
	Div: {Name: "DIV", Pops: 2, Pushes: 1, Effects: MayFail},
	Mod: {Name: "MOD", Pops: 2, Pushes: 1, Effects: MayFail},
	Pow: {Name: "POW", Pops: 2, Pushes: 1, Effects: MayFail},
	Neg: {Name: "NEG", Pops: 1, Pushes: 1, Effects: MayFail},

	Eq:  {Name: "EQ", Pops: 2, Pushes: 1},
	Neq: {Name: "NEQ", Pops: 2, Pushes: 1},
	Lt:  {Name: "LT", Pops: 2, Pushes: 1, Effects: MayFail},
	Gt:  {Name: "GT", Pops: 2, Pushes: 1, Effects: MayFail},
	Lte: {Name: "LTE", Pops: 2, Pushes: 1, Effects: MayFail},
	Gte: {Name: "GTE", Pops: 2, Pushes: 1, Effects: MayFail},

	And: {Name: "AND", Pops: 2, Pushes: 1},
	Or:  {Name: "OR", Pops: 2, Pushes: 1},
	Not: {Name: "NOT", Pops: 1, Pushes: 1},

	Jump:        {Name: "JUMP", A: TargetOperand, Effects: Branches},
	JumpIfFalse: {Name: "JUMP_IF_FALSE", A: TargetOperand, Pops: 1, Effects: Branches},
	JumpIfTrue:  {Name: "JUMP_IF_TRUE", A: TargetOperand, Pops: 1, Effects: Branches},
	Return:      {Name: "RETURN", Pops: 0, Effects: Branches},

	CallName:      {Name: "CALL_NAME", A: NameOperand, B: CountOperand, Pops: Variable, Pushes: 1, Effects: ReadsVariable | Calls | MayFail},
	CallFuncConst: {Name: "CALL_FUNC_CONST", A: FuncOperand, B: CountOperand, Pops: Variable, Pushes: 1, Effects: Calls | MayFail},
	CallTop:       {Name: "CALL_TOP", A: CountOperand, Pops: Variable, Pushes: 1, Effects: Calls | MayFail},
	CallBuiltin:   {Name: "CALL_BUILTIN", A: BuiltinOperand, B: CountOperand, Pops: Variable, Pushes: 1, Effects: MayFail},

	BuildList: {Name: "BUILD_LIST", A: CountOperand, Pops: Variable, Pushes: 1},
	BuildMap:  {Name: "BUILD_MAP", A: CountOperand, Pops: Variable, Pushes: 1, Effects: MayFail},
	Index:     {Name: "INDEX", Pops: 2, Pushes: 1, Effects: MayFail},

	Print: {Name: "PRINT", Pops: 1, Effects: Prints},
	Nop:   {Name: "NOP"},

	ForkExecution: {Name: "FORK_EXECUTION", A: WorkersOperand, Effects: Forks},
	JoinWorkers:   {Name: "JOIN_WORKERS", A: TimeoutOperand, Effects: Forks | Waits | MayFail},
	ParallelMap:   {Name: "PARALLEL_MAP", A: FuncOperand, Pops: 1, Pushes: 1, Effects: Forks | Waits | Calls | MayFail},
	BarrierSync:   {Name: "BARRIER_SYNC", A: BarrierOperand, Effects: Waits | MayFail},
	SharedRead:    {Name: "SHARED_READ", A: SharedOperand, Pushes: 1, Effects: ReadsShared},
	SharedWrite:   {Name: "SHARED_WRITE", A: SharedOperand, Pops: 1, Effects: WritesShared},
	AtomicAdd:     {Name: "ATOMIC_ADD", A: SharedOperand, Pops: 1, Pushes: 1, Effects: ReadsShared | WritesShared | MayFail},
	AtomicCAS:     {Name: "ATOMIC_CAS", A: SharedOperand, Pops: 2, Pushes: 1, Effects: ReadsShared | WritesShared},
}
