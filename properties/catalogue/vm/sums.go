package vm

import (
	"math"

	"pgregory.net/rapid"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// What no chunk does alone: these runs end with their last addition, or just after it, for what all chunks together have done.
var (
	overflowed = condition{Name: "an overflow that only the sum of several chunks reaches", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
		return inLastStatement(w, &o, program.Overflow)
	}}.DrawnBy(summing(overflowing))
	spent = condition{Name: "a limit that only the steps of all chunks reach", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
		return inLastStatement(w, &o, program.StepLimit)
	}}.DrawnBy(summing(oneStepShort))
)

// inLastStatement reports whether a run in several chunks failed in this way in an addition to a variable with which its main code ends.
func inLastStatement(w program.Workload, o *trace.ProgramObservation, kind program.ErrorKind) bool {
	code := w.Program.Main().Code
	n := len(code)
	return len(o.Chunks) > 1 && n >= 2 && code[n-2].Op == program.Add && code[n-1].Op == program.StoreName &&
		o.Outcome.Err != nil && o.Outcome.Err.Kind == kind && o.Outcome.Err.Function == 0 && o.Outcome.Err.PC >= n-2
}

// overflowing lets the last addition overflow by one.
func overflowing(b *builder, _ *program.Setup, sum int64) {
	b.push(program.Int(math.MaxInt64 - sum + 1))
}

// oneStepShort lets the program take one step less than it needs, of 2 to begin with and 4 for each addition.
func oneStepShort(b *builder, s *program.Setup, _ int64) {
	s.Limits.Steps--
	b.push(program.Int(0))
}

// summing draws programs that add 2 to 6 numbers to a variable, each in a chunk of its own; begin says from which number on, and with which limits.
func summing(begin func(b *builder, s *program.Setup, sum int64)) *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		numbers := rapid.SliceOfN(rapid.Int64Range(1, 9), 2, 6).Draw(t, "numbers")
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		s := program.Setup{
			Mode: program.Parallel, Workers: rapid.IntRange(1, 3).Draw(t, "workers"), ChunkSize: 4, MinChunkSize: 1,
			Limits: program.Limits{Steps: int64(2 + 4*len(numbers))},
		}
		x, sum := b.variable("x"), int64(0)
		for _, n := range numbers {
			sum += n
		}
		begin(&b, &s, sum)
		b.emit(program.StoreName, x, 0)
		for _, n := range numbers {
			b.emit(program.LoadName, x, 0)
			b.push(program.Int(n))
			b.emit(program.Add, 0, 0)
			b.emit(program.StoreName, x, 0)
		}
		return program.Workload{Program: b.built(), Setup: s}
	})
}
