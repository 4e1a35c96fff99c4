package chunks

import (
	"cmp"
	"fmt"

	"synchrony/checkers"
	"synchrony/models/program"
)

// Partition decides whether the chunks partition the main code, and are cut only where
// the operand stack is empty, outside forks, and where no jump passes over: such a
// jump would leave a chunk in its middle, or come into one, unseen. Rules: "no
// partition", "cut at a stack depth", "cut in a fork", "jump over a cut", "wrong
// effects", "unexplained cut", "small chunks".
func Partition() checkers.OfProgram {
	return ruled("partition", func(r *run) verdict {
		if v := checkPartition(r); v.Status != checkers.Pass {
			return v
		}
		return r.checkSizes()
	})
}

func checkPartition(r *run) verdict {
	shapes, err := program.Analyze(r.program)
	if err != nil || len(r.seen.Chunks) == 0 {
		return checkers.Passed() // it was not cut
	}
	code := r.program.Main().Code
	at := 0
	for i, c := range r.seen.Chunks {
		empty := c.From == c.To && len(code) > 0
		if c.From != at || c.To < c.From || c.To > len(code) || empty {
			return checkers.Failed("no partition",
				fmt.Sprintf("chunk %d has the instructions from %d up to %d, and should begin at %d and have some", i, c.From, c.To, at))
		}
		at = c.To
		if v := r.checkCut(i, &shapes[0]); v.Status != checkers.Pass {
			return v
		}
		if v := r.checkEffects(i); v.Status != checkers.Pass {
			return v
		}
	}
	if at != len(code) {
		return checkers.Failed("no partition", fmt.Sprintf("the chunks end at %d, and the main code has %d instructions", at, len(code)))
	}
	return checkers.Passed()
}

// checkSizes holds the chunks to the size that was asked for, but for mode auto, which has its own: of two neighbours, the first would have gone on if both were not larger than that together.
func (r *run) checkSizes() verdict {
	if r.setup.Mode != program.Parallel {
		return checkers.Passed()
	}
	size := cmp.Or(r.setup.ChunkSize, program.DefaultChunkSize)
	for i := 1; i < len(r.seen.Chunks); i++ {
		if n := r.seen.Chunks[i].To - r.seen.Chunks[i-1].From; n <= size {
			return checkers.Failed("small chunks", fmt.Sprintf("%s and %s have %d instructions together, and %d were asked for", r.chunk(i-1), r.chunk(i), n, size))
		}
	}
	return checkers.Passed()
}

// checkCut judges the place where a chunk begins.
func (r *run) checkCut(i int, shape *program.Shape) verdict {
	cut, code := r.seen.Chunks[i].From, r.program.Main().Code
	if r.seen.Chunks[i].Why == "" {
		return checkers.Failed("unexplained cut", fmt.Sprintf("nobody says why %s begins where it does", r.chunk(i)))
	}
	if cut == 0 {
		return checkers.Passed()
	}
	switch depth := shape.Depth[cut]; {
	case depth < 0:
		return checkers.Failed("cut at a stack depth", fmt.Sprintf("%s begins where no path leads", r.chunk(i)))
	case depth > 0:
		return checkers.Failed("cut at a stack depth", fmt.Sprintf("%s begins with %d values on the operand stack", r.chunk(i), depth),
			"before: "+instruction(code, cut-1), "after: "+instruction(code, cut))
	}
	if block := shape.Block[cut]; block >= 0 {
		return checkers.Failed("cut in a fork", fmt.Sprintf("%s begins inside the fork at %d", r.chunk(i), block))
	}
	for pc, in := range code {
		if info, _ := in.Op.Info(); info.A != program.TargetOperand {
			continue
		}
		to := int(in.A)
		if pc < cut && to > cut || pc >= cut && to < cut {
			return checkers.Failed("jump over a cut", fmt.Sprintf("the jump from %d to %d passes over the cut at %d", pc, to, cut),
				instruction(code, pc), r.chunk(i)+" begins at the cut")
		}
	}
	return checkers.Passed()
}

// checkEffects holds the effects of a chunk against those of its own instructions.
func (r *run) checkEffects(i int) verdict {
	c := &r.seen.Chunks[i]
	for pc := c.From; pc < c.To; pc++ {
		in := r.program.Main().Code[pc]
		if missing := in.Effects() &^ c.Effects; missing != 0 {
			return checkers.Failed("wrong effects", fmt.Sprintf("the analysis of %s does not have the effects of %s", r.chunk(i), instruction(r.program.Main().Code, pc)))
		}
	}
	return checkers.Passed()
}

func instruction(code []program.Instruction, pc int) string {
	return fmt.Sprintf("%v at %d", code[pc].Op, pc)
}
