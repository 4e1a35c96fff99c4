package programs

import (
	"slices"

	"synchrony/models/program"
)

// inlineCalls puts the code of functions that call no others where they are called: what fails in a function often fails without. Each that is kept leaves
// a call less, so that there is an end to it.
func (r *reducer) inlineCalls() (inlined bool) {
	for f := range r.best.Functions {
		for pc := 0; pc < len(r.best.Functions[f].Code); pc++ {
			in := r.best.Functions[f].Code[pc]
			if in.Op != program.CallFuncConst {
				continue
			}
			g := r.best.FunctionIndex(r.best.Constants[in.A].AsString())
			if program.Has(r.best.Functions[g].Code, program.CallFuncConst, program.CallName, program.CallTop) {
				continue
			}
			inlined = r.try(func(p *program.Program) bool { inline(p, f, pc, g); return true }) || inlined
		}
	}
	return inlined
}

// inline puts the code of the g-th function in the place of a call of it. Its parameters are stored as variables, and a RETURN jumps to what comes after the call.
func inline(p *program.Program, f, pc, g int) {
	caller, called := &p.Functions[f], &p.Functions[g]
	start := pc + called.Params
	after := start + len(called.Code) + 1 // the nil that the function returns at its end comes before
	var code []program.Instruction
	for _, parameter := range slices.Backward(called.Locals[:called.Params]) {
		code = append(code, instruction(program.StoreName, parameter))
	}
	for _, in := range called.Code {
		switch {
		case in.Op == program.Return:
			in = instruction(program.Jump, int32(after))
		case isJump(in.Op):
			in.A += int32(start)
		}
		code = append(code, in)
	}
	code = append(code, instruction(program.LoadConst, constantIn(p, program.Nil)))
	for i := range caller.Code {
		if in := &caller.Code[i]; isJump(in.Op) && int(in.A) > pc {
			in.A += int32(len(code) - 1)
		}
	}
	caller.Code = slices.Replace(caller.Code, pc, pc+1, code...)
}
