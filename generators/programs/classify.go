package programs

import (
	"fmt"

	"synchrony/generators"
	"synchrony/models/program"
)

// classifySteps bounds the run that tells a program's outcome.
const classifySteps = 1_000_000

// ClassifyProgram says what a workload is, from the workload alone. An invalid program has no label but that.
func Classify(w program.Workload) generators.Labels {
	var l generators.Labels
	shapes, err := program.Analyze(w.Program)
	if err != nil {
		l.Add("outcome: invalid")
		return l
	}
	classifyLength(&l, w.Program)
	for f := range w.Program.Functions {
		classifyFunction(&l, w.Program, f, shapes[f])
	}
	classifyConstants(&l, w.Program)
	classifyForks(&l, w.Program, shapes)
	limits := w.Setup.Limits
	if limits.Steps == 0 || limits.Steps > classifySteps {
		limits.Steps = classifySteps
	}
	outcome, _ := program.Run(w.Program, limits) // it is valid
	classifyCuts(&l, w, outcome)
	if outcome.Err == nil {
		l.Add("outcome: succeeds")
	} else {
		l.Add("outcome: " + outcome.Err.Kind.String())
		if shapes[outcome.Err.Function].Block[outcome.Err.PC] >= 0 {
			l.Add("parallel: error in a worker")
		}
	}
	classifyRun(&l, w.Setup)
	return l
}

func classifyLength(l *generators.Labels, p *program.Program) {
	n := 0
	for i := range p.Functions {
		n += len(p.Functions[i].Code)
	}
	switch {
	case n == 0:
		l.Add("size: empty")
	case n <= 8:
		l.Add("size: 1-8 instructions")
	case n <= 30:
		l.Add("size: 9-30 instructions")
	case n <= 100:
		l.Add("size: 31-100 instructions")
	default:
		l.Add("size: 101+ instructions")
	}
}

// classifyFunction says what one function has.
func classifyFunction(l *generators.Labels, p *program.Program, f int, shape program.Shape) {
	code := p.Functions[f].Code
	for pc, in := range code {
		classifyInstruction(l, p, f, in)
		effects := in.Effects()
		switch {
		case isJump(in.Op) && int(in.A) <= pc:
			l.Add("code: loop")
		case isJump(in.Op):
			l.Add("code: branch")
		case in.Op == program.Return && f == 0 && pc+1 < len(code):
			l.Add("code: return in the middle of main")
		}
		info, _ := in.Op.Info()
		statementEnds := info.Pushes == 0 && effects&(program.WritesVariable|program.WritesShared|program.Prints) != 0
		if f == 0 && statementEnds && pc+1 < len(code) && shape.Depth[pc+1] > 0 {
			l.Add("code: value held over a statement's end")
		}
		if shape.Depth[pc] < 0 {
			l.Add("code: unreachable")
		}
		if in.Op == program.ForkExecution && shape.Block[pc] >= 0 {
			l.Add("parallel: fork in a fork")
		}
	}
}

func classifyInstruction(l *generators.Labels, p *program.Program, f int, in program.Instruction) {
	switch in.Op {
	case program.CallFuncConst:
		l.Add("code: call")
		if p.FunctionIndex(p.Constants[in.A].AsString()) == f {
			l.Add("code: recursion")
		}
	case program.CallName, program.CallTop:
		l.Add("code: call by value")
	case program.BuildList, program.BuildMap, program.Index:
		l.Add("code: collection")
	case program.CallBuiltin:
		l.Add("code: builtin")
		if program.Builtin(in.A) == program.BuiltinWork {
			l.Add("time: work")
		}
	case program.LoadConst:
		switch p.Constants[in.A].Kind() {
		case program.ListKind, program.MapKind:
			l.Add("code: collection")
		case program.FloatKind:
			l.Add("code: float")
		case program.StringKind:
			l.Add("code: string")
		}
	case program.Print:
		l.Add("code: print")
	case program.ForkExecution:
		l.Add("parallel: fork")
		if in.A == 1 {
			l.Add("parallel: fork of one")
		} else if in.A > 3 {
			l.Add("parallel: fork of 4+")
		}
	case program.JoinWorkers:
		if in.A > 0 {
			l.Add("time: join timeout")
		}
	case program.BarrierSync:
		l.Add("parallel: barrier")
	case program.ParallelMap:
		l.Add("parallel: map")
	case program.SharedRead, program.SharedWrite:
		l.Add("shared: plain")
	case program.AtomicAdd, program.AtomicCAS:
		l.Add("shared: atomic")
	}
}

// classifyConstants looks for a constant that both the main code and a function use.
func classifyConstants(l *generators.Labels, p *program.Program) {
	inMain := make([]bool, len(p.Constants))
	for f := range p.Functions {
		for _, in := range p.Functions[f].Code {
			switch {
			case in.Op != program.LoadConst:
			case f == 0:
				inMain[in.A] = true
			case inMain[in.A]:
				l.Add("code: constant of main and of a function")
			}
		}
	}
}

// classifyForks says whether forks' workers race.
func classifyForks(l *generators.Labels, p *program.Program, shapes []program.Shape) {
	used, racy := races(p, shapes)
	switch {
	case racy:
		l.Add("shared: racy")
	case used:
		l.Add("shared: race-free")
	}
}

func classifyRun(l *generators.Labels, s program.Setup) {
	l.Add("mode: " + s.Mode.String())
	switch {
	case s.Workers == 1:
		l.Add("workers: one")
	case s.Workers <= 4:
		l.Add("workers: 2-4")
	default:
		l.Add("workers: 5+")
	}
	switch {
	case s.ChunkSize == 1:
		l.Add("chunk size: 1")
	case s.ChunkSize < 10:
		l.Add("chunk size: 2-9")
	case s.ChunkSize < 30:
		l.Add("chunk size: 10-29")
	default:
		l.Add("chunk size: 30+")
	}
	attempts := make(map[int]int)
	for _, f := range s.Faults {
		l.Add(fmt.Sprintf("fault: %v", f.Kind))
		attempts[f.Chunk]++
	}
	retries := s.Retries
	if retries == 0 {
		retries = program.DefaultRetries
	}
	for _, n := range attempts {
		if n > max(retries, 0) {
			l.Add("fault: every attempt at a chunk")
		}
	}
	if s.NoFallback {
		l.Add("setup: no fallback")
	}
	if s.Retries < 0 {
		l.Add("setup: no retries")
	}
	if s.QueueSize == 1 {
		l.Add("setup: queue of one")
	}
	if s.Timeout > 0 || s.Limits.Time > 0 {
		l.Add("time: run timeout")
	}
	if s.CancelAfter > 0 {
		l.Add("time: cancelled")
	}
	if s.Limits.Steps+s.Limits.Memory+int64(s.Limits.CallDepth+s.Limits.Workers) > 0 {
		l.Add("setup: limits")
	}
}
