package vm

import (
	"errors"
	"testing"

	"synchrony/checkers"
	"synchrony/models/program"
)

// TestDepths: what must be refused by its depths, and what V17 says if it is judged otherwise.
func TestDepths(t *testing.T) {
	push, pop := program.Instruction{Op: program.LoadConst}, program.Instruction{Op: program.Pop}
	jump := func(op program.Opcode, to int32) program.Instruction { return program.Instruction{Op: op, A: to} }
	nop := program.Instruction{Op: program.Nop}
	for _, c := range []struct {
		what string
		code []program.Instruction
		fits bool
	}{
		{"nothing", nil, true},
		{"one way", []program.Instruction{push, push, pop, nop}, true},
		{"too few", []program.Instruction{push, pop, pop}, false},
		{"the way that jumps is less deep", []program.Instruction{push, jump(program.JumpIfTrue, 3), push, nop}, false},
		{"the way that jumps is deeper", []program.Instruction{push, push, jump(program.JumpIfTrue, 4), pop, nop}, false},
		{"both ways take one", []program.Instruction{push, push, jump(program.JumpIfTrue, 5), pop, jump(program.Jump, 6), pop, nop}, true},
		{"both go round in circles", []program.Instruction{push, jump(program.JumpIfTrue, 3), push, jump(program.Jump, 3)}, false},
		{"a loop that grows", []program.Instruction{push, push, jump(program.JumpIfTrue, 0)}, false},
		{"a loop that does not", []program.Instruction{push, jump(program.JumpIfTrue, 0)}, true},
		{"what no way leads to", []program.Instruction{jump(program.Jump, 2), pop, nop}, true},
	} {
		p := &program.Program{Constants: []program.Value{program.Int(1)}, Functions: []program.Function{{Name: program.MainName, Code: c.code}}}
		if why := disagreement(c.code); (why == "") != c.fits {
			t.Errorf("%s: %q, want that it fits: %v", c.what, why, c.fits)
		}
		if err := program.Validate(p); (err == nil) != c.fits {
			t.Errorf("%s: the validator says %v", c.what, err)
		}
		data, err := p.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		right, wrong := judged{}, judged{valid: errors.New("no")}
		if !c.fits {
			right, wrong = wrong, right
		}
		if v := (oneDepth{}).Check(data, right); v.Status != checkers.Pass {
			t.Errorf("%s: %v %s", c.what, v.Status, v.Reason)
		}
		if v := (oneDepth{}).Check(data, wrong); v.Status != checkers.Fail {
			t.Errorf("%s, judged wrong: %v", c.what, v.Status)
		}
	}
}
