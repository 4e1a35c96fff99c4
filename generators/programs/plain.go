package programs

import (
	"slices"

	"synchrony/models/program"
)

// PlainForking draws plain programs, with forks in most of them, that succeed.
func PlainForking() Options {
	return Options{
		MaxForkWorkers: 4, Plain: true,
		Prints: 6, Branches: 5, Loops: 4, Holds: 2, Returns: 1, Calls: 5, Shared: 6, Forks: 9,
	}
}

// PlainOpcodes are the instructions of plain programs, ascending.
func PlainOpcodes() []program.Opcode {
	return []program.Opcode{
		program.LoadConst, program.LoadName, program.StoreName, program.Pop, program.Dup,
		program.Add, program.Sub, program.Mul, program.Div, program.Mod, program.Neg,
		program.Eq, program.Neq, program.Lt, program.Gt, program.Lte, program.Gte, program.Not,
		program.Jump, program.JumpIfFalse, program.JumpIfTrue, program.Return, program.CallFuncConst, program.Print, program.Nop,
		program.ForkExecution, program.JoinWorkers, program.SharedRead, program.SharedWrite, program.AtomicAdd,
	}
}

// PlainLimit bounds the magnitude of the ints of plain programs: floating-point numbers of 64 bits are exact up to it.
const PlainLimit = 1 << 53

// plain reports whether a program that runs sequentially keeps to what plain ones do: its instructions are among [PlainOpcodes], it computes
// with ints up to [PlainLimit], compares nothing else, and may fail for an undefined name or a division by zero alone.
func plain(p *program.Program) bool {
	known := PlainOpcodes()
	for i := range p.Functions {
		if slices.ContainsFunc(p.Functions[i].Code, func(in program.Instruction) bool { return !slices.Contains(known, in.Op) }) {
			return false
		}
	}
	is := true
	outcome, err := program.RunMoments(p, program.Limits{Steps: classifySteps}, func(m program.Moment) {
		operands := m.Stack
		if n := len(operands); n > 0 {
			is = is && small(operands[n-1])
		}
		if op := p.Functions[m.Function].Code[m.PC].Op; op == program.Eq || op == program.Neq {
			for _, v := range operands[len(operands)-2:] {
				is = is && v.Kind() == program.IntKind
			}
		}
	})
	if err != nil || outcome.Err != nil && outcome.Err.Kind != program.UndefinedName && outcome.Err.Kind != program.DivisionByZero {
		return false
	}
	for _, v := range outcome.Shared {
		is = is && small(v.Value)
	}
	return is
}

// small reports whether a value is no int beyond the limit.
func small(v program.Value) bool {
	return v.Kind() != program.IntKind || -PlainLimit <= v.AsInt() && v.AsInt() <= PlainLimit
}
