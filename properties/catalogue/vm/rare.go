package vm

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// What programs of a wide profile seldom meet: each of these generators draws programs that mostly do.

// likely draws a few workloads, up to the first that fits.
func likely(g *rapid.Generator[program.Workload], fits func(*program.Program) bool) *rapid.Generator[program.Workload] {
	return choice.Likely(g, 5, func(w program.Workload) bool { return fits(w.Program) })
}

// meeting draws forks whose workers meet at barriers, in the given share of programs in vain.
func meeting(unmatched int) *rapid.Generator[program.Workload] {
	g := workloads(programs.Options{MaxStatements: 15, Forks: 40, Barriers: 60, Prints: 3, Unmatched: unmatched})
	return likely(g, func(p *program.Program) bool { return uses(p, program.BarrierSync) })
}

// hopeless draws programs of which every attempt at the first chunk fails at once. They fall
// back to sequential execution, or, if they may not, give up.
func hopeless(fallsBack bool) *rapid.Generator[program.Workload] {
	return changed(parallelOnly(programs.Faulty()), func(t *rapid.T, w program.Workload) program.Workload {
		w.Setup.Faults, w.Setup.NoFallback = everyAttempt(w.Setup, program.Fault{Kind: drawnFault(t)}), !fallsBack
		return w
	})
}

// abandoning draws programs of which the second chunk hangs while every attempt at the first fails.
func abandoning() *rapid.Generator[program.Workload] {
	return changed(parallelOnly(programs.Wide()), func(_ *rapid.T, w program.Workload) program.Workload {
		w.Setup.Workers, w.Setup.ChunkSize, w.Setup.MinChunkSize = max(2, w.Setup.Workers), min(w.Setup.ChunkSize, 8), 1
		w.Setup.Faults = append(everyAttempt(w.Setup, program.Fault{Kind: program.FailAttempt}), program.Fault{Kind: program.HangAttempt, Chunk: 1})
		return w
	})
}

// retrying draws programs of which the first attempt at the first chunk fails.
func retrying() *rapid.Generator[program.Workload] {
	return changed(parallelOnly(programs.Faulty()), func(t *rapid.T, w program.Workload) program.Workload {
		w.Setup.Retries, w.Setup.Faults = max(0, w.Setup.Retries), []program.Fault{{Kind: drawnFault(t)}}
		return w
	})
}

// deep draws chunks that each call a function as deep as the limit on calls lets them, and attempts at them that fail within: the
// next attempt, and the next chunk, must begin at no depth at all.
func deep() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		depth := rapid.IntRange(2, 9).Draw(t, "depth")
		f := b.recursive(func() { b.push(program.Int(0)) })
		chunks := rapid.IntRange(1, 3).Draw(t, "chunks")
		for k := range chunks {
			b.push(program.Int(int64(depth - 1)))
			b.emit(program.CallFuncConst, f, 1)
			b.emit(program.StoreName, b.variable(fmt.Sprintf("r%d", k)), 0)
		}
		w := program.Workload{Program: b.built(), Setup: program.Setup{
			Mode: program.Parallel, Workers: rapid.IntRange(1, 2).Draw(t, "workers"), ChunkSize: 3, MinChunkSize: 1,
			Limits: program.Limits{CallDepth: depth},
		}}
		for k := range chunks {
			if k == 0 || rapid.Bool().Draw(t, "another fails") {
				w.Setup.Faults = append(w.Setup.Faults, program.Fault{Kind: drawnFault(t), Chunk: k, After: int64(rapid.IntRange(3, 8*depth).Draw(t, "after"))})
			}
		}
		return bounded(w)
	})
}

// recursive adds a function that calls itself as often as its argument says, and then does what last writes, which leaves a value; and returns the constant that it is.
func (b *builder) recursive(last func()) int32 {
	self := b.constant(program.Func("f1"))
	n := b.variable("n")
	b.define(func() []int32 {
		b.emit(program.LoadName, n, 0)
		b.emit(program.JumpIfFalse, 7, 0)
		b.emit(program.LoadName, n, 0)
		b.push(program.Int(1))
		b.emit(program.Sub, 0, 0)
		b.emit(program.CallFuncConst, self, 1)
		b.emit(program.Return, 0, 0)
		last()
		b.emit(program.Return, 0, 0)
		return []int32{n}
	})
	return self
}

// failedDeep is a run that came to its limit on calls, and in which an attempt failed.
var failedDeep = condition{Name: "a failed attempt at calls as deep as they may be", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
	return w.Setup.Limits.CallDepth > 0 && retried.Holds(w, o) && succeeded.Holds(w, o)
}}

// lastingLate draws programs with chunks that last so long that they look at the time, behind one of which an attempt hangs: a chunk's time begins
// when it does.
func lastingLate() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		x := b.variable("x")
		b.push(program.Int(lastingTurns))
		b.emit(program.StoreName, x, 0)
		for range rapid.IntRange(1, 2).Draw(t, "long chunks") {
			top := int32(len(b.code))
			b.emit(program.LoadName, x, 0)
			b.push(program.Int(1))
			b.emit(program.Sub, 0, 0)
			b.emit(program.Dup, 0, 0)
			b.emit(program.StoreName, x, 0)
			b.emit(program.JumpIfTrue, top, 0)
			b.push(program.Int(lastingTurns))
			b.emit(program.StoreName, x, 0)
		}
		return bounded(program.Workload{Program: b.built(), Setup: program.Setup{
			Mode: program.Parallel, Workers: rapid.IntRange(1, 2).Draw(t, "workers"), ChunkSize: 2, MinChunkSize: 1,
			Faults: []program.Fault{{Kind: program.HangAttempt, After: int64(rapid.IntRange(0, 1).Draw(t, "after"))}},
		}})
	})
}

// lastingTurns are so many turns of a loop that its machine looks at the time.
const lastingTurns = 1800

// lastedLate is a run that had an attempt that hung, and took many steps.
var lastedLate = condition{Name: "a long chunk after an attempt that hung", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
	return hung.Holds(w, o) && o.Outcome.Steps > 5*lastingTurns
}}

// briefCalls draws programs of many short calls, each of which is a piece of its own to mode auto: it looks first when one or two of them are over.
func briefCalls() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		from := choice.From(t)
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		f := b.function(func() {
			for range 3 + choice.Below(from, 8) {
				b.emit(program.Nop, 0, 0)
			}
			b.push(program.Int(1))
			b.emit(program.Return, 0, 0)
		})
		for k := range 5 + choice.Below(from, 6) {
			b.push(program.Int(int64(k)))
			b.emit(program.CallFuncConst, f, 1)
			b.emit(program.StoreName, b.variable(fmt.Sprintf("v%d", k)), 0)
		}
		return program.Workload{Program: b.built(), Setup: program.Setup{Mode: program.Auto, Workers: 2 + choice.Below(from, 3), ChunkSize: 4, MinChunkSize: 1}}
	})
}

// calledBriefly is a run that mode auto made parallel of a program without loops.
var calledBriefly = condition{Name: "auto went parallel among short calls", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
	loops := func(f program.Function) bool {
		return slices.ContainsFunc(f.Code, func(in program.Instruction) bool { return isJump(in.Op) })
	}
	return wentParallel.Holds(w, o) && !slices.ContainsFunc(w.Program.Functions, loops)
}}

// returning draws straight code in small chunks, with a RETURN under a condition that holds
// where a third of it is over.
func returning() *rapid.Generator[program.Workload] {
	o := with(parallelOnly(programs.StraightLine()), func(o *programs.Options) { o.Prints = 3 })
	g := changed(o, func(_ *rapid.T, w program.Workload) program.Workload {
		w.Program = withReturn(w.Program)
		w.Setup.ChunkSize, w.Setup.MinChunkSize = min(w.Setup.ChunkSize, 4), 1
		return w
	})
	return likely(g, func(p *program.Program) bool { return len(p.Main().Code) > 20 }) // several chunks
}

// withReturn inserts a return into code without jumps, at a place where the stack is empty.
func withReturn(p *program.Program) *program.Program {
	shapes, err := program.Analyze(p)
	if err != nil {
		return p
	}
	main := p.Main().Code
	at := len(main) / 3
	for at < len(main) && shapes[0].Depth[at] != 0 {
		at++
	}
	b := rebuild(p)
	b.code = append(b.code, main[:at]...)
	b.push(program.Bool(true))
	b.emit(program.JumpIfFalse, int32(at+4), 0)
	b.push(program.Int(1))
	b.emit(program.Return, 0, 0)
	b.code = append(b.code, main[at:]...)
	return b.built()
}

// joiningLate draws programs whose joins have timeouts and whose workers take time.
func joiningLate() *rapid.Generator[program.Workload] {
	return likely(workloads(programs.Options{MaxForkWorkers: 3, MaxStatements: 10, Works: 40, Forks: 40, Prints: 4, JoinLimit: 100}), limitsJoins)
}

// storing draws programs with a fork in a function, whose workers store to several of its variables, and which returns what became of these.
func storing() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		from := choice.From(t)
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		f := b.define(func() []int32 {
			locals := []int32{b.variable("e")}
			b.forked(int32(1+choice.Below(from, 3)), func() {
				for n := range 2 + choice.Below(from, 4) {
					if choice.Chance(from, 50) {
						b.emit(program.Nop, 0, 0)
					}
					b.push(program.Int(int64(n)))
					v := b.variable(fmt.Sprintf("v%d", n))
					b.emit(program.StoreName, v, 0)
					locals = append(locals, v)
				}
			})
			for _, v := range locals {
				b.emit(program.LoadName, v, 0)
			}
			b.emit(program.BuildList, int32(len(locals)), 0)
			b.emit(program.Return, 0, 0)
			return locals
		})
		b.push(program.Int(7))
		b.emit(program.CallFuncConst, b.constant(program.Func(f)), 1)
		b.emit(program.Print, 0, 0)
		return program.Workload{Program: b.built(), Setup: program.Setup{
			Mode: anyMode(from), Workers: 1 + choice.Below(from, 3), ChunkSize: 2, MinChunkSize: 1,
		}}
	})
}

// storedWithin is a run that succeeded of a program with a fork in a function.
var storedWithin = condition{Name: "a fork in a function", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
	within := slices.ContainsFunc(w.Program.Functions[1:], func(f program.Function) bool {
		return slices.ContainsFunc(f.Code, func(in program.Instruction) bool { return in.Op == program.ForkExecution })
	})
	return within && succeeded.Holds(w, o)
}}

// hurried draws programs with a loop without an end near their beginning, and no time.
func hurried() *rapid.Generator[program.Workload] {
	return changed(programs.Timed(), func(t *rapid.T, w program.Workload) program.Workload {
		w.Program = withLoop(w.Program, rapid.IntRange(0, 3).Draw(t, "where"))
		w.Setup.Timeout = time.Nanosecond
		return w
	})
}

// parallelOnly is a profile of programs that run in chunks and are not ended early.
func parallelOnly(o programs.Options) programs.Options {
	o.Modes, o.RunLimit, o.Cancels, o.Limits, o.Errors = 0, 0, 0, 0, 0
	return o
}

// manyLoops reports whether a program's main code jumps back in several places.
func manyLoops(p *program.Program) bool {
	const several = 4
	back := 0
	for pc, in := range p.Main().Code {
		if isJump(in.Op) && int(in.A) <= pc {
			back++
		}
	}
	return back >= several
}
