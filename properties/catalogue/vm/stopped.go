package vm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/chunks"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
)

// stopped draws programs with code that something else than the limit on steps must end, although it is not the code that is told so first: chunks behind
// a RETURN or an error, many short elements of a mapping whose run is over, and code of any kind whose caller, or whose join, does not wait any longer. Such
// code accesses a shared variable again and again, so that a run shows how long it went on.
func stopped() *rapid.Generator[program.Workload] {
	return rapid.Custom(func(t *rapid.T) program.Workload {
		from := choice.From(t)
		b := builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}
		x := b.variable("x")
		s := program.Setup{
			Mode: program.Parallel, Workers: 2 + choice.Below(from, 3), ChunkSize: 3, MinChunkSize: 1, Limits: program.Limits{Steps: unendingSteps},
		}
		loop := choice.Below(from, 3)
		switch choice.Pick(from, 6, 6, 2, 2, 1) {
		case 1:
			b.endEarly(choice.Chance(from, 50))
			b.loop(x, loop)
		case 2:
			if choice.Chance(from, 50) {
				b.loop(x, loop)
			} else {
				b.forked(2, func() { b.loop(x, loop) })
			}
			s.Mode, s.Limits.Steps, s.CancelAfter = anyMode(from), untoldSteps, 1
		case 3:
			b.emit(program.ForkExecution, 2, 0)
			b.emit(program.LoadName, b.variable(program.WorkerID), 0)
			skip := len(b.code)
			b.emit(program.JumpIfTrue, 0, 0) // all but one worker are over soon
			b.loop(x, loop)
			b.code[skip].A = int32(len(b.code))
			b.emit(program.JoinWorkers, 1, 0)
			s.Mode, s.Limits.Steps = anyMode(from), untoldSteps
		case 4: // an attempt at the second chunk, or the first, lasts too long
			if choice.Chance(from, 50) {
				b.push(program.Int(1))
				b.emit(program.StoreName, b.variable("y"), 0)
				b.emit(program.Nop, 0, 0)
			}
			b.loop(x, loop)
			s.Timeout, s.NoFallback = briefTime, choice.Chance(from, 50)
		default:
			f := b.function(func() { b.emit(program.SharedRead, x, 0); b.emit(program.Return, 0, 0) })
			b.push(program.Int(manyElements))
			b.builtin(program.BuiltinRange, 1)
			b.emit(program.ParallelMap, f, 0)
			b.emit(program.Pop, 0, 0)
			s.Mode, s.Workers, s.Limits.Steps = anyMode(from), 2, 4*manyElements
			s.Timeout = 1 // which whoever looks at the clock finds out by itself
		}
		return program.Workload{Program: b.built(), Setup: s}
	})
}

// briefTime is so little for a run that an attempt at a chunk without an end has taken its share when its machine has looked at the time a few times.
const briefTime = 50 * time.Microsecond

// untoldSteps are fewer: on the schedules on which nobody tells it in time, code without an end takes them all.
const untoldSteps = 1 << 16

func anyMode(from choice.Source) program.Mode {
	return []program.Mode{program.Parallel, program.Auto, program.Sequential}[choice.Below(from, 3)]
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

// maxTold is more accesses than the two tasks of such code make from when they are told until they look.
const maxTold = 6000

// stoppedRun is what a run showed, with the steps of its tasks, of which some only tell others that they are to stop.
type stoppedRun struct {
	trace.ProgramObservation
	tasks []string // their names
}

// RecordSteps implements [properties.StepRecorder].
func (o *stoppedRun) RecordSteps(steps []schedule.Step, tasks []string) {
	o.Steps, o.tasks = steps, tasks
}

// since is how many accesses to shared variables came after the last step that told others: that their caller, or their join, does not wait any longer. It is false if
// there was none.
func (o *stoppedRun) since() (accesses int, ok bool) {
	for _, s := range slices.Backward(o.Steps) {
		name := ""
		if s.Task >= 0 { // else it is the clock's
			name = o.tasks[s.Task]
		}
		switch {
		case s.Object.Class == schedule.ClassShared:
			accesses++
		case s.Object.Class == schedule.ClassAtomic && (strings.HasPrefix(name, "timer") || strings.HasPrefix(name, "cancel")):
			return accesses, true
		}
	}
	return 0, false
}

// telling runs programs of which it is asked how their tasks were told to stop.
type telling struct{ system }

func (t telling) Run(ctx context.Context, rt *sched.Runtime, w program.Workload) (stoppedRun, error) {
	o, err := t.system.Run(ctx, rt, w)
	return stoppedRun{ProgramObservation: o}, err
}

// ended decides V21.
type ended struct{}

func (ended) Name() string { return "work after the end" }

func (ended) Check(w program.Workload, o stoppedRun) checkers.Verdict {
	end := over(w, &o.ProgramObservation)
	late := 0
	for i := range o.Calls {
		if o.Calls[i].Call > end {
			late++
		}
	}
	if late > maxAccesses(w) {
		return checkers.Failed("work after the end", fmt.Sprintf("shared variables were accessed %d times since something ended the code that does, at %v", late, end))
	}
	if late, ok := o.since(); ok && late > maxTold {
		return checkers.Failed("work after the end", fmt.Sprintf("shared variables were accessed %d times since the code that does was told that its caller, or its join, does not wait any longer", late))
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

// ofTold asks a checker of programs about a run without its steps.
type ofTold struct{ checker }

func (c ofTold) Check(w program.Workload, o stoppedRun) checkers.Verdict {
	return c.checker.Check(w, o.ProgramObservation)
}

// hungItself is an attempt that took too long by itself.
var hungItself = condition{Name: "an attempt that takes too long", Holds: func(w program.Workload, o trace.ProgramObservation) bool {
	return len(w.Setup.Faults) == 0 && hung.Holds(w, o)
}}

// stops is V21. It asks for no cause: whether thousands of accesses are linearizable, say, takes longer to find out than all else.
func stops(s system) properties.Testable {
	type seen = properties.Condition[program.Workload, stoppedRun]
	var sometimes []seen
	for _, c := range []condition{abandoned, succeeded, failed, timedOut, cancelled, joinTimedOut, hungItself} {
		sometimes = append(sometimes, seen{Name: c.Name, Holds: func(w program.Workload, o stoppedRun) bool { return c.Holds(w, o.ProgramObservation) }})
	}
	return &properties.Property[program.Workload, stoppedRun]{
		ID: "V21", Group: Group, Statement: "what the time of a run, its caller, a join, a RETURN or an error ends stops soon: in chunks behind, in forks, and in mappings of many elements",
		Source: properties.Here(0), System: telling{s}, Generator: stopped(), Codec: codec, Size: size,
		Checkers:  []checkers.Checker[program.Workload, stoppedRun]{ended{}, ofTold{chunks.Attempts()}},
		Sometimes: sometimes, Classify: func(w program.Workload, o stoppedRun) []string { return classify(w, o.ProgramObservation) },
		Explain: func(w program.Workload, o stoppedRun, r *sched.Record) []string {
			return explain(w, o.ProgramObservation, r)
		},
		Object: counterOf,
		Large:  func(program.Workload) bool { return true },
	}
}
