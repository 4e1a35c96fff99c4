package forks

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Workers decides whether every worker of every fork begins and ends exactly once, all
// before the join; whether the join merges each once, in worker order; and whether a
// timeout ends the fork for good. Rules: "fork not run", "wrong number of workers", "worker ran
// twice", "worker not run", "early join", "merge out of order", "lost merge", "merge
// after a timeout", "timeout without a limit", "timeout without an error", "one number for two forks".
func Workers() checkers.OfProgram { return ruled("workers", checkWorkers) }

func checkWorkers(r *run) verdict {
	for _, f := range r.forks {
		if v := r.checkFork(f); v.Status != checkers.Pass {
			for i, e := range f.events {
				v.Evidence = append(v.Evidence, fmt.Sprintf("%d: %v %s", i, e.Time, describe(e)))
			}
			return v
		}
	}
	if r.clean { // else a chunk that was attempted again has executed its forks again
		first := map[int32]*fork{}
		for _, f := range r.forks {
			if g := first[f.number]; g != nil {
				return checkers.Failed("one number for two forks", fmt.Sprintf("the %v that began at %v has the number of one that began at %v", f, f.begun, g.begun))
			}
			first[f.number] = f
		}
	}
	if len(r.forks) == 0 && r.clean && r.mustFork() {
		return checkers.Failed("fork not run", "the program forks, and nothing of that was recorded")
	}
	return checkers.Passed()
}

// mustFork reports whether the main code, outside of all that may be skipped, has a fork.
func (r *run) mustFork() bool {
	if r.seen.Outcome.Err != nil {
		return false
	}
	skipped := 0 // up to which instruction a jump may lead
	for pc, in := range r.program.Main().Code {
		switch {
		case in.Op == program.Return, in.Op == program.ForkExecution && pc >= skipped:
			return in.Op == program.ForkExecution
		case in.Op == program.Jump || in.Op == program.JumpIfFalse || in.Op == program.JumpIfTrue:
			skipped = max(skipped, int(in.A))
		}
	}
	return false
}

// course is how far a fork has come.
type course struct {
	*fork
	begun, ended map[int32]bool
	closed       trace.ForkEventKind // ForkJoin or ForkTimeout
	merged       int32
}

func (r *run) checkFork(f *fork) verdict {
	if !r.hasInstruction(program.ForkExecution, func(a int32) bool { return a == f.workers }) {
		return checkers.Failed("wrong number of workers", fmt.Sprintf("there is a %v, and no FORK_EXECUTION %d", f, f.workers))
	}
	c := &course{fork: f, begun: map[int32]bool{}, ended: map[int32]bool{}}
	for _, e := range f.events {
		if v := c.event(e); v.Status != checkers.Pass {
			return v
		}
	}
	switch {
	case c.closed == trace.ForkTimeout && !r.hasInstruction(program.JoinWorkers, func(a int32) bool { return a > 0 }):
		return checkers.Failed("timeout without a limit", fmt.Sprintf("%v timed out, and no join has a timeout", f))
	case c.closed == trace.ForkTimeout && r.clean && r.seen.Outcome.Err == nil:
		return checkers.Failed("timeout without an error", fmt.Sprintf("%v timed out, and the program succeeded", f))
	case c.closed == trace.ForkJoin && c.merged != f.workers:
		return checkers.Failed("lost merge", fmt.Sprintf("%v was joined, and %d workers were merged", f, c.merged))
	case r.clean && len(c.ended) != int(f.workers):
		return checkers.Failed("worker not run", fmt.Sprintf("%d workers of the %v have ended", len(c.ended), f))
	case r.clean && c.closed == 0 && r.seen.Outcome.Err == nil:
		return checkers.Failed("lost merge", fmt.Sprintf("%v was never joined, and the program succeeded", f))
	}
	return checkers.Passed()
}

// event takes in one event. No worker begins or ends after the join without doing so twice, for all have ended by then.
func (c *course) event(e trace.ForkEvent) verdict {
	switch e.Kind {
	case trace.WorkerBegin:
		if c.begun[e.Worker] {
			return checkers.Failed("worker ran twice", fmt.Sprintf("worker %d of the %v begins twice", e.Worker, c.fork))
		}
		c.begun[e.Worker] = true
	case trace.WorkerEnd:
		if !c.begun[e.Worker] || c.ended[e.Worker] {
			return checkers.Failed("worker ran twice", fmt.Sprintf("worker %d of the %v ends more often than it begins", e.Worker, c.fork))
		}
		c.ended[e.Worker] = true
	case trace.ForkJoin, trace.ForkTimeout:
		if c.closed != 0 {
			return checkers.Failed("early join", fmt.Sprintf("%v is joined twice", c.fork))
		}
		c.closed = e.Kind
		if len(c.ended) != int(c.workers) {
			return checkers.Failed("early join", fmt.Sprintf("%v is joined when %d workers have ended", c.fork, len(c.ended)))
		}
	case trace.ForkMerge:
		switch {
		case c.closed == trace.ForkTimeout:
			return checkers.Failed("merge after a timeout", fmt.Sprintf("worker %d of the %v is merged after the join's timeout", e.Worker, c.fork))
		case c.closed != trace.ForkJoin:
			return checkers.Failed("early join", fmt.Sprintf("worker %d of the %v is merged before the join", e.Worker, c.fork))
		case e.Worker != c.merged:
			return checkers.Failed("merge out of order", fmt.Sprintf("worker %d of the %v is merged when it is worker %d's turn", e.Worker, c.fork, c.merged))
		}
		c.merged++
	}
	return checkers.Passed()
}

// hasInstruction reports whether the program has the instruction with such an operand.
func (r *run) hasInstruction(op program.Opcode, with func(int32) bool) bool {
	for f := range r.program.Functions {
		for _, in := range r.program.Functions[f].Code {
			if in.Op == op && with(in.A) {
				return true
			}
		}
	}
	return false
}

func describe(e trace.ForkEvent) string {
	words := [...]string{"?", "the fork begins", "begins", "ends", "is merged", "the join has all", "the join times out"}
	word := "?"
	if int(e.Kind) < len(words) {
		word = words[e.Kind]
	}
	if e.Worker < 0 {
		return word
	}
	return fmt.Sprintf("worker %d %s", e.Worker, word)
}
