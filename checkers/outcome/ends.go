package outcome

import (
	"fmt"
	"time"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Ends returns the checker "outcome/ends", which decides whether a run of a program ended
// in a way that there is, with a reason for it, within its limits: only a timeout that has
// passed, the caller, or faults without a fallback may keep a run from a result or an error
// of its own; and one that they kept from it shows none of its effects. It does not ask
// what the specification says, so that it decides about any run. Its rules are "wrong end", and "work after the end" for
// code that goes on although the time of the run is over.
func Ends() checkers.OfProgram {
	return checkers.New("outcome/ends", func(w program.Workload, o trace.ProgramObservation) verdict { return checkEnd(w, &o) })
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
		if c.Call <= timeoutOf(w) {
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
		limit := timeoutOf(w)
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
	case (o.End != trace.ProgramRan || o.Outcome.Err != nil) && o.Error == "":
		return "the run ended without a result and without an error"
	case o.End != trace.ProgramRan && o.Outcome.Text() != (program.Outcome{}).Text():
		return "the run did not come to its end, and shows an outcome:\n" + o.Outcome.Text()
	}
	return ""
}

func timeoutOf(w program.Workload) time.Duration {
	if w.Setup.Timeout == 0 {
		return program.DefaultTimeout
	}
	return w.Setup.Timeout
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
