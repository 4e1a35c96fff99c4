package auto

import "go/ast"

// Operator is a way of breaking code.
type Operator struct {
	Name        string
	Does        string
	From        string // where it comes from: an operator's name in the literature
	Concurrency bool   // it breaks how tasks work together, rather than what one of them does

	// find adds the mutants that the operator makes of one node.
	find func(*place, ast.Node)
}

// operators lists all operators, in the order in which mutants of one place are numbered.
func operators() []Operator {
	return []Operator{
		{"lock-remove", "removes a Lock with its Unlocks", "ConMAn RSB, RCXC", true, lockRemove},
		{"section-shrink", "moves the first or last statement of a critical section out of it", "ConMAn SKCR", true, sectionShrink},
		{"section-split", "unlocks and locks again within a critical section", "ConMAn SPCR", true, sectionSplit},
		{"atomic-split", "makes an atomic read-modify-write a load and a store, each announced", "ConMAn EAN", true, atomicSplit},
		{"wait-drop", "drops a Wait", "ConMAn RTXC", true, waitDrop},
		{"signal-drop", "drops a Signal or Broadcast", "ConMAn RTXC", true, signalDrop},
		{"signal-weaken", "wakes one waiter, not all", "ConMAn RNA", true, signalWeaken},
		{"done-drop", "drops a Done", "ConMAn RCXC", true, doneDrop},
		{"yield-swap", "announces an access after it was made", "", true, yieldSwap},
		{"copy-skip", "shares what should be copied", "", true, copySkip},
		{"dependency-invert", "inverts a test for a dependency, an access or an effect", "", true, dependencyInvert},
		{"counter-off", "counts one too many", "ConMAn MXC, MBR", true, counterOff},
		{"cancel-skip", "skips a check for cancellation, expiry or failure elsewhere", "", true, cancelSkip},
		{"error-drop", "returns nil, not the error", "", false, errorDrop},
		{"cond-negate", "negates a condition", "COR", false, condNegate},
		{"rel-swap", "moves a comparison's boundary, or inverts an equality", "ROR", false, relSwap},
		{"logic-swap", "exchanges && and ||", "LCR", false, logicSwap},
		{"arith-swap", "exchanges an arithmetic operator for its opposite", "AOR", false, arithSwap},
		{"stmt-delete", "deletes an assignment or a call", "SDL", false, stmtDelete},
		{"const-off", "adds or subtracts 1 to or from a constant", "CRP", false, constOff},
		{"bool-flip", "exchanges true and false", "CRP", false, boolFlip},
		{"jump-drop", "removes an early return, a break or a continue", "SDL", false, jumpDrop},
	}
}
