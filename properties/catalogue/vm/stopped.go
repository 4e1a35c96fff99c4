package vm

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/generators/choice"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// stopped draws programs with code that something else than the limit on steps must end, although it is not the code that is told so first: chunks behind
// a RETURN or an error, and many short elements of a mapping whose run is over. Such code accesses a
// shared variable again and again, so that a run shows how long it went on.
func stopped() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		from := choice.From(t)
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		x := b.variable("x")
		s := program.Setup{
			Mode: program.Parallel, Workers: 2 + choice.Below(from, 3), ChunkSize: 3, MinChunkSize: 1, Limits: program.Limits{Steps: unendingSteps},
		}
		loop := choice.Below(from, 3)
		switch choice.Below(from, 2) {
		case 1:
			b.endEarly(choice.Chance(from, 50))
			b.loop(x, loop)
		default:
			f := b.function(func() { b.emit(program.SharedRead, x, 0); b.emit(program.Return, 0, 0) })
			b.push(program.Int(manyElements))
			b.builtin(program.BuiltinRange, 1)
			b.emit(program.ParallelMap, f, 0)
			b.emit(program.Pop, 0, 0)
			s.Mode, s.Workers, s.Limits.Steps = []program.Mode{program.Parallel, program.Auto, program.Sequential}[choice.Below(from, 3)], 2, 4*manyElements
			s.Timeout = 1 // which whoever looks at the clock finds out by itself
		}
		return program.Workload{Program: b.built(), Setup: s}
	})
}

// manyElements are so many that each has few steps of those that the run may make. The time of their run is over when the first begins, and so it is when
// somebody first looks.
const manyElements = 4000

// endEarly writes code that ends the program: by an error, or by a RETURN.
func (b *builder) endEarly(failing bool) {
	b.push(program.Bool(true))
	if failing {
		b.emit(program.Neg, 0, 0)
		b.emit(program.Pop, 0, 0)
		b.emit(program.Nop, 0, 0)
		return
	}
	b.emit(program.JumpIfFalse, int32(len(b.code)+3), 0)
	b.push(program.String("early"))
	b.emit(program.Return, 0, 0)
}

// maxAccesses is far more accesses to shared variables than all tasks together make until they look whether they are to stop, and fewer than they may
// make at all. Who tells them may be late in some schedules, but hardly ever so late.
func maxAccesses(w program.Workload) int { return int(w.Setup.Limits.Steps / 8) }

// ended decides V21.
type ended struct{}

func (ended) Name() string { return "work after the end" }

func (ended) Check(w program.Workload, o trace.ProgramObservation) checkers.Verdict {
	end := over(w, &o)
	late := 0
	for i := range o.Calls {
		if o.Calls[i].Call > end {
			late++
		}
	}
	if late > maxAccesses(w) {
		return checkers.Failed("work after the end", fmt.Sprintf("shared variables were accessed %d times since something ended the code that does, at %v", late, end))
	}
	return checkers.Passed()
}

// over is when something first ended the code without an end: the time of the run, or the end of the first chunk. It
// is later than everything if nothing did.
func over(w program.Workload, o *trace.ProgramObservation) time.Duration {
	end := w.Setup.RunTimeout()
	for _, e := range o.Events {
		if len(o.Chunks) > 1 && e.Kind == trace.ChunkSucceed && e.Chunk == 0 {
			end = min(end, e.Time)
		}
	}
	return end
}

// stops is V21.
func stops(s system) properties.Testable {
	p := one(s, "V21", "what the time of a run, a RETURN or an error ends stops soon: in chunks behind, and in mappings of many elements",
		stopped(), []condition{abandoned, succeeded, failed, timedOut}, ended{})
	p.Real, p.Large = nil, func(program.Workload) bool { return true }
	return p
}
