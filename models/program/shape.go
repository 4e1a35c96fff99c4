package program

// Shape is what holds at each instruction of a valid function, on all paths.
type Shape struct {
	// Depth is the operand stack's depth before the instruction, or -1 if no
	// path reaches it. In a fork's block it is that of the worker's own stack.
	Depth []int
	// MaxStack is the largest depth at any point.
	MaxStack int
	// Partner is the JOIN_WORKERS of a FORK_EXECUTION and the other way round; -1 elsewhere.
	Partner []int
	// Block is the innermost FORK_EXECUTION whose block holds the instruction, or -1. A
	// JOIN_WORKERS lies in the block that it ends, a FORK_EXECUTION does not in its own.
	Block []int
}

func newShape(n int) Shape {
	s := Shape{Depth: make([]int, n), Partner: make([]int, n), Block: make([]int, n)}
	for pc := range n {
		s.Depth[pc], s.Partner[pc], s.Block[pc] = -1, -1, -1
	}
	return s
}

// blocks pairs forks with joins as parentheses, and checks what may be in a block.
func (v *validator) blocks(f int, s *Shape) error {
	code := v.p.Functions[f].Code
	var open []int
	for pc, in := range code {
		if len(open) > 0 {
			s.Block[pc] = open[len(open)-1]
		}
		switch in.Op {
		case ForkExecution:
			open = append(open, pc)
		case JoinWorkers:
			if len(open) == 0 {
				return v.at(f, pc, "JOIN_WORKERS without a FORK_EXECUTION before it")
			}
			fork := open[len(open)-1]
			open = open[:len(open)-1]
			s.Partner[fork], s.Partner[pc] = pc, fork
		case BarrierSync:
			if len(open) == 0 {
				return v.at(f, pc, "BARRIER_SYNC outside a fork")
			}
		case Return:
			if len(open) > 0 {
				return v.at(f, pc, "RETURN inside a fork: a worker ends at its JOIN_WORKERS")
			}
		}
	}
	if len(open) > 0 {
		return v.at(f, open[len(open)-1], "FORK_EXECUTION without a JOIN_WORKERS after it")
	}
	for pc, in := range code {
		if isJump(in.Op) && s.Block[pc] != s.Block[in.A] {
			return v.at(f, pc, "%v to %d goes into or out of a fork", in.Op, in.A)
		}
	}
	return nil
}

func isJump(op Opcode) bool { return op == Jump || op == JumpIfFalse || op == JumpIfTrue }

// depths follows all paths from the first instruction. A fork is followed by its block with
// an empty stack, and by what comes after its join with its own.
func (v *validator) depths(f int, s *Shape) error {
	code := v.p.Functions[f].Code
	var work []int
	reach := func(from, pc, depth int) error {
		switch {
		case pc == len(code):
		case s.Depth[pc] < 0:
			s.Depth[pc] = depth
			work = append(work, pc)
		case s.Depth[pc] != depth:
			return v.at(f, pc, "the stack has depth %d here, but %d when coming from %d", s.Depth[pc], depth, from)
		}
		return nil
	}
	if err := reach(0, 0, 0); err != nil {
		return err
	}
	for len(work) > 0 {
		pc := work[len(work)-1]
		work = work[:len(work)-1]
		in := code[pc]
		info, _ := in.Op.Info()
		before := s.Depth[pc]
		after := before - in.Pops() + info.Pushes
		switch {
		case before < in.Pops():
			return v.at(f, pc, "%v pops %d values, the stack has %d", in.Op, in.Pops(), before)
		case after > MaxStack:
			return v.at(f, pc, "the stack gets deeper than %d", MaxStack)
		case in.Op == JoinWorkers && before != 0:
			return v.at(f, pc, "a worker's stack must be empty at its JOIN_WORKERS, it has %d values", before)
		}
		s.MaxStack = max(s.MaxStack, after)
		for _, next := range successors(in, pc, after, s.Partner[pc]) {
			if err := reach(pc, next.pc, next.depth); err != nil {
				return err
			}
		}
	}
	return nil
}

type successor struct{ pc, depth int }

// successors lists where control may go after the instruction, and with which depth.
func successors(in Instruction, pc, depth, partner int) []successor {
	next := successor{pc + 1, depth}
	switch in.Op {
	case Return, JoinWorkers: // what comes after a join follows the fork
		return nil
	case Jump:
		return []successor{{int(in.A), depth}}
	case JumpIfFalse, JumpIfTrue:
		return []successor{next, {int(in.A), depth}}
	case ForkExecution:
		return []successor{{pc + 1, 0}, {partner + 1, depth}}
	default:
		return []successor{next}
	}
}
