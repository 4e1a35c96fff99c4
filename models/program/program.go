package program

import "slices"

// Static bounds of a program; the validator enforces them.
const (
	MaxWorkers   = 64      // of one fork
	MaxStack     = 256     // operand stack cells of one call
	MaxLocals    = 256     // of one function, parameters included
	MaxNesting   = 64      // of a constant's lists and maps
	MaxCode      = 1 << 20 // instructions of one function
	MaxFunctions = 1 << 16
	MaxNames     = 1 << 20
	MaxConstants = 1 << 20
	MaxTimeout   = 1<<31 - 1 // ms, of JOIN_WORKERS and work
	MaxBarrier   = 1<<31 - 1 // barrier ids are 0…MaxBarrier
	MaxName      = 255       // bytes of a name
)

// MainName is the name of Functions[0], and WorkerID the variable that holds a worker's number.
const (
	MainName = "main"
	WorkerID = "worker_id"
)

// Instruction is one operation; Info says what A and B are.
type Instruction struct {
	Op   Opcode
	A, B int32
}

// Function is a list of instructions with its own locals.
type Function struct {
	Name   string  // unique in the program
	Params int     // the first Params of Locals are the parameters
	Locals []int32 // indices in Program.Names, each once
	Code   []Instruction
	// Lines has the source line of each instruction, from 1; nil if unknown.
	// It is no part of what the program is: no form but the source keeps it.
	Lines []int32
}

// Program is code and what it refers to. The zero Program isn't valid: Functions[0],
// the main code, must exist, be named "main" and have no locals.
type Program struct {
	Constants []Value
	Names     []string // of variables and shared variables, each once
	Functions []Function
	Expect    *Expectation // what a run should give; nil if the text doesn't say
}

// Main returns the main code.
func (p *Program) Main() *Function { return &p.Functions[0] }

// Uses reports whether some function has one of the operations.
func (p *Program) Uses(ops ...Opcode) bool {
	return slices.ContainsFunc(p.Functions, func(f Function) bool { return Has(f.Code, ops...) })
}

// Has reports whether code has one of the operations.
func Has(code []Instruction, ops ...Opcode) bool {
	return slices.ContainsFunc(code, func(in Instruction) bool { return slices.Contains(ops, in.Op) })
}

// FunctionIndex returns the index of the function of that name, or -1. It is linear.
func (p *Program) FunctionIndex(name string) int {
	for i := range p.Functions {
		if p.Functions[i].Name == name {
			return i
		}
	}
	return -1
}

// Local returns which of f's locals the name index is, or -1 if it is a global there.
func (f *Function) Local(name int32) int {
	for i, local := range f.Locals {
		if local == name {
			return i
		}
	}
	return -1
}

// Line returns the source line of the instruction at pc, or 0 if unknown.
func (f *Function) Line(pc int) int {
	if pc < 0 || pc >= len(f.Lines) {
		return 0
	}
	return int(f.Lines[pc])
}

// Pops returns how many values the instruction pops. Counts must be in range.
func (in Instruction) Pops() int {
	switch in.Op {
	case CallName, CallFuncConst, CallBuiltin:
		return int(in.B)
	case CallTop:
		return int(in.A) + 1
	case BuildList:
		return int(in.A)
	case BuildMap:
		return 2 * int(in.A)
	}
	info, _ := in.Op.Info()
	return info.Pops
}

// Effects returns the instruction's effects, those of its builtin included.
func (in Instruction) Effects() Effect {
	info, _ := in.Op.Info()
	if in.Op == CallBuiltin {
		return info.Effects | Builtin(in.A).Info().Effects
	}
	return info.Effects
}
