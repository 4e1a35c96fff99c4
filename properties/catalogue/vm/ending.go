package vm

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/checkers/outcome"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/properties"
)

// ending is V10. A run that never returns, or leaves a task behind, is the scheduler's to
// find; the checkers judge how the others ended.
func ending(s system) []properties.Testable {
	p := one(s, "V10", "every run ends, by a result, an error, a limit, a timeout or its caller, and leaves no task behind",
		mostly(endless(), limitedCalls(), limitedCalls()), []condition{
			limited, succeeded, failed, timedOut.DrawnBy(hurried()), cancelled, gaveUp.DrawnBy(hopeless(false)), joinTimedOut.DrawnBy(joiningLate()),
			unended.DrawnBy(unending()),
		}, outcome.Ends(), outcome.Programs())
	p.Real = nil
	return []properties.Testable{p}
}

// maxEndlessSteps is the step limit of programs that may not end by themselves.
const maxEndlessSteps = 4000

// endless draws programs that take time and forks, of which many hold a loop without an
// end, that go wrong, or that have little time.
func endless() *rapid.Generator[program.Workload] {
	o := programs.AnyProgram()
	o.MaxStatements, o.LargeStatements, o.Works, o.JoinLimit, o.RunLimit, o.Cancels, o.Faults, o.Limits = 10, 0, 4, 15, 25, 25, 40, 20
	return changed(o, func(t *rapid.T, w program.Workload) program.Workload {
		looped := rapid.IntRange(0, 1).Draw(t, "loops without end") == 1
		at := rapid.Uint16().Draw(t, "where")
		tight := rapid.IntRange(0, 9).Draw(t, "hardly any time") == 9
		if looped {
			w.Program = withLoop(w.Program, int(at))
		}
		w.Setup.Limits.Steps = min(w.Setup.Limits.Steps, maxEndlessSteps)
		if tight {
			w.Setup.Timeout = time.Nanosecond
		}
		return w
	})
}

// withLoop replaces one instruction by a jump to itself, if a valid program comes of it.
func withLoop(p *program.Program, at int) *program.Program {
	total := instructions(p)
	if total == 0 {
		return p
	}
	at %= total
	c := *p
	c.Functions = slices.Clone(p.Functions)
	for f := range c.Functions {
		code := c.Functions[f].Code
		if at >= len(code) {
			at -= len(code)
			continue
		}
		code = slices.Clone(code)
		code[at] = program.Instruction{Op: program.Jump, A: int32(at)}
		c.Functions[f].Code = code
		break
	}
	if program.Validate(&c) != nil {
		return p
	}
	return &c
}
