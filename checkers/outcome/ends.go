package outcome

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Ends returns the checker "outcome/ends", which decides whether a run of a program ended
// in a way that there is, with a reason for it, within its limits: only a timeout that has
// passed, the caller, or faults without a fallback may keep a run from a result or an error
// of its own; and one that they kept from it shows none of its effects. It was run in the way that was asked for, or
// fell back to sequential execution. It does not ask
// what the specification says, so that it decides about any run. Its rules are "wrong end", "wrong mode", "uninformative error", and "work after the end"
// for code that goes on although the time of the run is over.
func Ends() checkers.OfProgram {
	return checkers.Ran("outcome/ends", func(w program.Workload, o *trace.ProgramObservation) verdict {
		if v := checkEnd(w, o); v.Status != checkers.Pass {
			return v
		}
		if why := wrongMode(w, o); why != "" {
			return checkers.Failed("wrong mode", why)
		}
		if why := wrongError(w, o); why != "" {
			return checkers.Failed("uninformative error", why, "error: "+o.Error)
		}
		return checkers.Passed()
	})
}

func checkEnd(w program.Workload, o *trace.ProgramObservation) verdict {
	if why := wrongEnd(w, o); why != "" {
		return checkers.Failed("wrong end", why, "error: "+o.Error)
	}
	return checkLateWork(w, o)
}

// maxLateCalls is more accesses to shared variables than a machine makes before it looks whether its run is to stop.
const maxLateCalls = 1 << 14

// checkLateWork checks that no attempt, worker or element goes on for long when the time of its run is over. It may be long over
// before anybody has looked, which depends on the schedule; but whoever goes on looks now and then.
func checkLateWork(w program.Workload, o *trace.ProgramObservation) verdict {
	if o.End != trace.ProgramTimedOut {
		return checkers.Passed()
	}
	type worker struct{ task, chunk, attempt int32 }
	late := map[worker]int{}
	for i := range o.Calls {
		c := &o.Calls[i]
		if c.Call <= w.Setup.RunTimeout() {
			continue
		}
		who := worker{c.Task, c.Chunk, c.Attempt}
		if late[who]++; late[who] > maxLateCalls {
			return checkers.Failed("work after the end", fmt.Sprintf("task %d has accessed shared variables more than %d times since the time of the run was over", c.Task, maxLateCalls))
		}
	}
	return checkers.Passed()
}

// wrongEnd says what is wrong with the end of a run; "" if nothing is.
func wrongEnd(w program.Workload, o *trace.ProgramObservation) string {
	switch o.End {
	case trace.ProgramRan:
		if limit := w.Setup.Limits.WithDefaults().Steps; o.Outcome.Steps > limit {
			return fmt.Sprintf("the run took %d steps, and the limit is %d", o.Outcome.Steps, limit)
		}
	case trace.ProgramTimedOut:
		limit := w.Setup.RunTimeout()
		if !w.Setup.NoMetrics && o.Metrics.Total < limit {
			return fmt.Sprintf("the run timed out after %v, and its timeout is %v", o.Metrics.Total, limit)
		}
	case trace.ProgramGaveUp:
		if !w.Setup.NoFallback {
			return "the run gave up, although it may fall back"
		}
		if len(w.Setup.Faults) == 0 && !hasTimers(w) {
			return "the run gave up, and nothing was to go wrong"
		}
	case trace.ProgramRefused:
		if program.Validate(w.Program) == nil {
			return "a valid program was refused"
		}
	case trace.ProgramCancelled:
		if w.Setup.CancelAfter == 0 { // the caller's clock may have run before the run's
			return "the run was cancelled, and nobody asked for that"
		}
	default:
		return fmt.Sprintf("the run has no end that there is (%d)", o.End)
	}
	switch {
	case (o.End != trace.ProgramRan || o.Outcome.Err != nil) != (o.Error != ""):
		return "the run ended without a result and without an error, or with both"
	case o.Outcome.Err != nil && o.Outcome.Result.Kind() != program.NilKind:
		return "the program failed, and has the result " + o.Outcome.Result.String()
	case o.End != trace.ProgramRan && (o.Outcome.Text() != (program.Outcome{}).Text() || o.Outcome.Steps|o.Outcome.Memory|o.Outcome.Time != 0):
		return "the run did not come to its end, and shows an outcome:\n" + o.Outcome.Text()
	}
	return ""
}

// wrongMode says what is wrong with how a run says that it was executed in the end.
func wrongMode(w program.Workload, o *trace.ProgramObservation) string {
	want := program.Parallel
	switch {
	case o.End == trace.ProgramRefused:
		want = program.Auto // nobody has decided
	case len(o.Chunks) == 0 || w.Setup.Mode == program.Sequential || slices.ContainsFunc(o.Events, trace.ChunkEvent.Restarts):
		want = program.Sequential
	}
	switch {
	case o.Mode != want:
		return fmt.Sprintf("the run says that its mode was %v, and what happened makes it %v", o.Mode, want)
	case len(o.Chunks) == 0 && w.Setup.Mode == program.Parallel && o.End != trace.ProgramRefused:
		return "the run was to be parallel, and has no chunks"
	case len(o.Chunks) > 0 && w.Setup.Mode == program.Sequential:
		return "the run was to be sequential, and has chunks"
	}
	return ""
}

// wrongError says what is wrong with the program's error, beside its kind and place: a person must find in the text what and where
// it is.
func wrongError(w program.Workload, o *trace.ProgramObservation) string {
	e := o.Outcome.Err
	if e == nil {
		return ""
	}
	if e.Function < 0 || e.Function >= len(w.Program.Functions) || e.PC < 0 || e.PC > len(w.Program.Functions[e.Function].Code) {
		return fmt.Sprintf("the error's place is instruction %d of function %d, and there is none", e.PC, e.Function)
	}
	f := &w.Program.Functions[e.Function]
	if e.Name != f.Name || e.Line != 0 && e.Line != f.Line(e.PC) {
		return fmt.Sprintf("the error names line %d of %s, and its place is line %d of %s", e.Line, e.Name, f.Line(e.PC), f.Name)
	}
	for _, part := range []string{e.Kind.String(), fmt.Sprintf("%s+%d", e.Name, e.PC), e.Detail} {
		if !strings.Contains(o.Error, part) {
			return fmt.Sprintf("the error's text does not mention %q", part)
		}
	}
	return ""
}

// hasTimers reports whether virtual time may pass in a run although no fault hangs.
func hasTimers(w program.Workload) bool {
	for f := range w.Program.Functions {
		for _, in := range w.Program.Functions[f].Code {
			if in.Op == program.JoinWorkers && in.A > 0 {
				return true
			}
		}
	}
	return false
}
