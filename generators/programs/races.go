package programs

import "synchrony/models/program"

// races reports whether a program uses shared variables in a fork of several workers, and whether an
// order of two workers' accesses might be seen. That is so if two workers may access one variable
// between the same barriers, one of them writing, unless both only add and neither looks at the sum. It is a
// judgement from the code and errs towards a race; it knows workers apart by
// "worker_id == k" before a forward jump.
func races(p *program.Program, shapes []program.Shape) (used, racy bool) {
	a := &accesses{p: p, shapes: shapes}
	for f := range p.Functions {
		for pc, in := range p.Functions[f].Code {
			if in.Op != program.ForkExecution || in.A < 2 {
				continue
			}
			a.found, a.phase = nil, 0
			a.stretch(f, pc+1, shapes[f].Partner[pc], everyWorker, 0)
			used = used || len(a.found) > 0
			racy = racy || a.conflict()
		}
	}
	return used, racy
}

// everyWorker stands for any worker of a fork.
const everyWorker = -1

// accessed is one access to a shared variable.
type accessed struct {
	name   int32
	worker int // or everyWorker
	phase  int // barriers before it
	writes bool
	adds   bool // an ATOMIC_ADD whose sum is dropped
}

// accesses gathers what the workers of one fork access.
type accesses struct {
	p      *program.Program
	shapes []program.Shape
	found  []accessed
	phase  int
	active []int // functions being followed
}

func (a *accesses) conflict() bool {
	for i, x := range a.found {
		for _, y := range a.found[i:] {
			different := x.worker == everyWorker || y.worker == everyWorker || x.worker != y.worker
			if different && x.name == y.name && x.phase == y.phase && (x.writes || y.writes) && !(x.adds && y.adds) {
				return true
			}
		}
	}
	return false
}

// stretch follows the code from…to-1 of a function. inner is the number of forks and calls around it within the
// fork in question: barriers of inner forks are not its own.
func (a *accesses) stretch(f, from, to, worker, inner int) {
	code := a.p.Functions[f].Code
	for pc := from; pc < to; pc++ {
		in := code[pc]
		if k, end, ok := a.guard(code, pc, to); ok && worker == everyWorker && inner == 0 {
			a.stretch(f, pc+4, end, k, 1)
			pc = end - 1
			continue
		}
		switch in.Op {
		case program.SharedRead, program.SharedWrite, program.AtomicAdd, program.AtomicCAS:
			a.found = append(a.found, accessed{
				name: in.A, worker: worker, phase: a.phase,
				writes: in.Op != program.SharedRead,
				adds:   in.Op == program.AtomicAdd && pc+1 < len(code) && code[pc+1].Op == program.Pop,
			})
		case program.BarrierSync:
			if inner == 0 && !skipped(code, from, to, pc) {
				a.phase++
			}
		case program.ForkExecution:
			end := a.shapes[f].Partner[pc]
			a.stretch(f, pc+1, end, worker, inner+1)
			pc = end
		case program.CallFuncConst, program.ParallelMap:
			a.follow(a.p.FunctionIndex(a.p.Constants[in.A].AsString()), worker, inner)
		case program.CallName, program.CallTop:
			for g := 1; g < len(a.p.Functions); g++ { // whichever it is
				a.follow(g, worker, inner+1)
			}
		}
	}
}

// follow goes into a function, unless it is there already.
func (a *accesses) follow(f, worker, inner int) {
	for _, g := range a.active {
		if g == f {
			return
		}
	}
	a.active = append(a.active, f)
	a.stretch(f, 0, len(a.p.Functions[f].Code), worker, inner)
	a.active = a.active[:len(a.active)-1]
}

// guard reports whether the code at pc is executed by one worker only, and up to where.
func (a *accesses) guard(code []program.Instruction, pc, to int) (worker, end int, ok bool) {
	if pc+4 > to || code[pc].Op != program.LoadName || a.p.Names[code[pc].A] != program.WorkerID ||
		code[pc+1].Op != program.LoadConst || code[pc+2].Op != program.Eq || code[pc+3].Op != program.JumpIfFalse {
		return 0, 0, false
	}
	k := a.p.Constants[code[pc+1].A]
	end = int(code[pc+3].A)
	if k.Kind() != program.IntKind || k.AsInt() < 0 || end < pc+4 || end > to {
		return 0, 0, false
	}
	for from, in := range code { // somebody else may come in by a jump
		if isJump(in.Op) && int(in.A) > pc && int(in.A) < end && (from <= pc || from >= end) {
			return 0, 0, false
		}
	}
	return int(k.AsInt()), end, true
}

// skipped reports whether a jump within from…to-1 may leave out the instruction at pc, or repeat it.
func skipped(code []program.Instruction, from, to, pc int) bool {
	for at := from; at < to; at++ {
		if isJump(code[at].Op) && (min(at, int(code[at].A)) < pc && pc < max(at, int(code[at].A)) || int(code[at].A) == pc) {
			return true
		}
	}
	return false
}
