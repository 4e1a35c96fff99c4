package vm

import (
	"fmt"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// unendingSteps lets a worker that does not notice the end of its run go on for long, and yet for fewer steps than a
// controlled run may take.
const unendingSteps = 400_000

// unended is a run that was over while code without an end of its own was under way.
var unended = condition{Name: "a timeout of code without an end", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
	return w.Setup.Limits.Steps == unendingSteps && o.End == trace.ProgramTimedOut
}}

// unending draws programs whose workers, elements or chunks access a shared variable again and again, without an end, in runs
// whose time is over at once.
func unending() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		from := choice.From(t)
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		x := b.variable("x")
		where, loop := choice.Below(from, 4), choice.Below(from, 3)
		outer, inner := int32(1+choice.Below(from, 3)), int32(1+choice.Below(from, 2))
		b.push(program.Int(0))
		b.emit(program.SharedWrite, x, 0)
		switch where {
		case 0: // in chunks
			for range outer {
				b.loop(x, loop)
			}
		case 1: // in the workers of a fork
			b.forked(outer, func() { b.loop(x, loop) })
		case 2: // of a fork in a fork
			b.forked(2, func() { b.forked(inner, func() { b.loop(x, loop) }) })
		case 3: // in the elements of a mapping, in a fork
			f := b.mapped(x)
			b.forked(inner, func() {
				b.push(program.List(program.Int(1), program.Int(2), program.Int(3)))
				b.emit(program.ParallelMap, f, 0)
				b.emit(program.Pop, 0, 0)
			})
		}
		b.push(program.String("after"))
		b.emit(program.Print, 0, 0)
		return program.Workload{Program: b.built(), Setup: program.Setup{
			Mode:    []program.Mode{program.Parallel, program.Auto, program.Sequential}[choice.Pick(from, 5, 2, 3)],
			Workers: 1 + choice.Below(from, 4), ChunkSize: 4, MinChunkSize: 1, NoFallback: choice.Chance(from, 50),
			Timeout: 1, Limits: program.Limits{Steps: unendingSteps},
		}}
	})
}

// loop writes code that accesses a shared variable for ever: it adds to it, swaps it in vain, or reads it.
func (b *builder) loop(x int32, kind int) {
	top := int32(len(b.code))
	switch kind {
	case 0:
		b.push(program.Int(1))
		b.emit(program.AtomicAdd, x, 0)
		b.emit(program.Pop, 0, 0)
		b.emit(program.Jump, top, 0)
	case 1:
		b.push(program.String("never"))
		b.push(program.Int(1))
		b.emit(program.AtomicCAS, x, 0)
		b.emit(program.JumpIfFalse, top, 0)
	default:
		b.emit(program.SharedRead, x, 0)
		b.push(program.String("never"))
		b.emit(program.Eq, 0, 0)
		b.emit(program.JumpIfFalse, top, 0)
	}
}

func (b *builder) forked(workers int32, body func()) {
	b.emit(program.ForkExecution, workers, 0)
	body()
	b.emit(program.JoinWorkers, 0, 0)
}

// mapped adds a function of one parameter that reads a shared variable for ever.
func (b *builder) mapped(x int32) int32 {
	return b.function(func() {
		b.loop(x, 2)
		b.push(program.Int(0))
		b.emit(program.Return, 0, 0)
	})
}

// function adds a function of one parameter, and returns the constant that it is.
func (b *builder) function(body func()) int32 {
	name := b.define(func() []int32 {
		body()
		return []int32{b.variable("e")}
	})
	return b.constant(program.Func(name))
}

// define adds a function of one parameter, which is the first of the variables that body returns; and returns its name.
func (b *builder) define(body func() (locals []int32)) string {
	main := b.code
	b.code = nil
	locals := body()
	name := fmt.Sprintf("f%d", len(b.p.Functions))
	b.p.Functions = append(b.p.Functions, program.Function{Name: name, Params: 1, Locals: locals, Code: b.code})
	b.code = main
	return name
}
