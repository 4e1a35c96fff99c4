package vm

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// exactReads decides whether an analysis knows exactly what straight code reads: variables that are loaded before they are stored. One more is safe, and
// makes a chunk wait for nothing.
func exactReads() checker {
	return checkers.New("exact reads", func(w program.Workload, o trace.ProgramObservation) checkers.Verdict {
		main := w.Program.Main().Code
		if program.Has(main, program.Jump, program.Return) { // what is never reached is left out
			return checkers.Passed()
		}
		for i, c := range o.Chunks {
			code := main[c.From:c.To]
			if program.Has(code, notStraight...) {
				continue
			}
			var got []string
			for _, v := range c.Reads {
				got = append(got, o.Variables[v])
			}
			slices.Sort(got)
			if want := readsOf(w.Program, code); !slices.Equal(got, want) {
				return checkers.Failed("wrong reads", fmt.Sprintf("chunk %d is straight code that reads %v, and the analysis says %v", i, want, got))
			}
		}
		return checkers.Passed()
	})
}

// notStraight are the instructions after which others need not follow, or that access more than the variable that they name.
var notStraight = []program.Opcode{
	program.JumpIfFalse, program.JumpIfTrue, program.CallName, program.CallFuncConst, program.CallTop, program.ForkExecution, program.JoinWorkers, program.ParallelMap,
	program.BarrierSync, program.SharedRead, program.SharedWrite, program.AtomicAdd, program.AtomicCAS,
}

// readsOf are the names of the variables that straight code loads before it stores them, in order.
func readsOf(p *program.Program, code []program.Instruction) []string {
	var stored, reads []string
	for _, in := range code {
		switch in.Op {
		case program.LoadName:
			if name := p.Names[in.A]; !slices.Contains(stored, name) {
				reads = append(reads, name)
			}
		case program.StoreName, program.StoreFunc:
			stored = append(stored, p.Names[in.A])
		}
	}
	slices.Sort(reads)
	return slices.Compact(reads)
}
