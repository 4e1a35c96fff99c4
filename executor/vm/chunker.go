package vm

import (
	"fmt"

	"synchrony/models/program"
)

// BytecodeChunker cuts the main code of a program into chunks. A cut is legal before an instruction if
// the operand stack is empty there, it is outside forks, and no jump passes over it: then control
// comes to it exactly once, unless the program ends before, and all that it
// brings are variables.
type BytecodeChunker struct {
	Size    int  // target, in instructions
	MinSize int  // smaller pieces are joined to their neighbours where possible
	Apart   bool // what has loops or calls gets a chunk of its own, whatever its size
}

// span is a chunk before it is analysed.
type span struct {
	from, to int
	why      string // it is cut where it begins
}

// cut returns spans that partition the main code; a program without code has one, empty.
func (b BytecodeChunker) cut(u *unit) []span {
	main := &u.functions[0]
	legal := legalCuts(main)
	heavy := func(int, int) bool { return false }
	if b.Apart {
		heavy = heavyPieces(main)
	}
	spans := []span{{why: "the program begins"}}
	from, last, lastHeavy := 0, 0, false
	for pc := 1; pc <= len(main.exact); pc++ {
		if pc < len(main.exact) && !legal[pc] {
			continue
		}
		// The piece from last to pc can't be divided. Does it still belong to the chunk?
		isHeavy := heavy(last, pc)
		why := ""
		switch {
		case last == from:
		case isHeavy || lastHeavy:
			why = "loops and calls are kept apart"
		case pc-from > b.Size && last-from >= b.MinSize:
			why = fmt.Sprintf("with the next piece there would be %d instructions, more than %d", pc-from, b.Size)
		}
		if why != "" {
			spans[len(spans)-1].to = last
			spans = append(spans, span{from: last, why: why})
			from = last
		}
		last, lastHeavy = pc, isHeavy
	}
	spans[len(spans)-1].to = len(main.exact)
	if n := len(spans); n > 1 && !b.Apart && spans[n-1].to-spans[n-1].from < b.MinSize {
		spans[n-2].to = spans[n-1].to
		spans = spans[:n-1]
	}
	return spans
}

// legalCuts says of each instruction whether a chunk may begin there.
func legalCuts(f *function) []bool {
	n := len(f.exact)
	crossing := make([]int, n+2) // changes of the number of jumps that pass over a place
	for pc, in := range f.exact {
		switch in.op {
		case program.Jump, program.JumpIfFalse, program.JumpIfTrue:
			// A jump forward may land on a cut; what it skips may not be cut. A loop may begin at one.
			low, high := pc+1, int(in.a)-1
			if int(in.a) <= pc {
				low, high = int(in.a)+1, pc
			}
			if low <= high {
				crossing[low]++
				crossing[high+1]--
			}
		}
	}
	legal := make([]bool, n)
	passing := 0
	for pc := range n {
		passing += crossing[pc]
		legal[pc] = passing == 0 && f.exact[pc].depth == 0 && f.shape.Block[pc] < 0
	}
	return legal
}

// heavyPieces reports whether the instructions from…to-1 have loops or calls, so that what they cost is not
// known from their number.
func heavyPieces(f *function) func(from, to int) bool {
	before := make([]int, len(f.exact)+1)
	for pc, in := range f.exact {
		before[pc+1] = before[pc]
		switch in.op {
		case program.CallFuncConst, program.CallName, program.CallTop, program.ParallelMap, program.ForkExecution:
			before[pc+1]++
		case program.Jump, program.JumpIfFalse, program.JumpIfTrue:
			if int(in.a) <= pc {
				before[pc+1]++
			}
		}
	}
	return func(from, to int) bool { return before[to] > before[from] }
}
