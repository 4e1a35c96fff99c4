package vm

import "synchrony/models/program"

// opcode is an operation of the fast form.
type opcode int32

// Computations are a ← b∘c; those marked with a * are rewritten before they are emitted.
const (
	opStop  opcode = iota // a chunk ends
	opExact               // execute the original instruction
	opMove                // a ← b
	opLoadGlobal
	opStoreGlobal
	opAdd
	opSub
	opMul
	opDiv
	opMod
	opNeg
	opLess
	opLessEqual
	opGreater      // *
	opGreaterEqual // *
	opEqual
	opNotEqual
	opAnd
	opOr
	opNot

	// Branches go to c, if a∘b.
	opJump
	opBranchTrue
	opBranchFalse
	opIfLess
	opIfNotLess
	opIfLessEqual
	opIfNotLessEqual
	opIfEqual
	opIfNotEqual

	opCall // function a, arguments from b on
	opReturn
	opReturnNil

	opLastBranch = opIfNotEqual
)

// computing returns the fast form of an instruction that only computes, and how many operands it has.
func computing(op program.Opcode) (fast opcode, operands int, ok bool) {
	switch op {
	case program.Neg:
		return opNeg, 1, true
	case program.Not:
		return opNot, 1, true
	}
	for _, x := range [...]struct {
		op   program.Opcode
		fast opcode
	}{
		{program.Add, opAdd}, {program.Sub, opSub}, {program.Mul, opMul}, {program.Div, opDiv}, {program.Mod, opMod},
		{program.Lt, opLess}, {program.Gt, opGreater}, {program.Lte, opLessEqual}, {program.Gte, opGreaterEqual},
		{program.Eq, opEqual}, {program.Neq, opNotEqual}, {program.And, opAnd}, {program.Or, opOr},
	} {
		if x.op == op {
			return x.fast, 2, true
		}
	}
	return 0, 0, false
}

// comparing returns the branch that jumps if the comparison is true, or if it is false.
func comparing(op opcode, ifTrue bool) (branch opcode, ok bool) {
	var yes, no opcode
	switch op {
	case opLess:
		yes, no = opIfLess, opIfNotLess
	case opLessEqual:
		yes, no = opIfLessEqual, opIfNotLessEqual
	case opEqual:
		yes, no = opIfEqual, opIfNotEqual
	case opNotEqual:
		yes, no = opIfNotEqual, opIfEqual
	default:
		return 0, false
	}
	if ifTrue {
		return yes, true
	}
	return no, true
}
