package outcome

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Ends returns the checker "outcome/ends", which decides whether a run of a program ended
// in a way that there is, with a reason for it, within its limits: only a timeout that has
// passed, the caller, or faults without a fallback may keep a run from a result or an error
// of its own; and one that they kept from it shows none of its effects. It does not ask
// what the specification says, so that it decides about any run. Its rule is "wrong end".
func Ends() checkers.OfProgram {
	return checkers.New("outcome/ends", func(w program.Workload, o trace.ProgramObservation) verdict { return checkEnd(w, &o) })
}

func checkEnd(w program.Workload, o *trace.ProgramObservation) verdict {
	if why := wrongEnd(w, o); why != "" {
		return checkers.Failed("wrong end", why, "error: "+o.Error)
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
		limit := w.Setup.Timeout
		if limit == 0 {
			limit = program.DefaultTimeout
		}
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
