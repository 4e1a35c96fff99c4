package campaign

import (
	"slices"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// Outcome is what one property showed in a run.
type Outcome struct {
	Info   properties.Info
	Result properties.Result
	// Err is not nil if the harness broke. It takes nothing back: a violation that
	// was found before stands.
	Err error
	// Interrupted says that the property was not run to its end.
	Interrupted bool
	// Part says that this is a shard of the run. What must happen sometimes may have
	// happened in another one, so that only all of them together can lack it.
	Part bool
}

// Ended reports whether the run of the property ends here: no case after these is tested.
func (o *Outcome) Ended() bool { return len(o.Result.Failures) > 0 || o.Err != nil }

// Add continues an outcome that has not ended with that of the cases after it. What it comes to is
// what a run of all these cases would have shown, but for times.
func (o *Outcome) Add(next *Outcome) {
	failed := len(next.Result.Failures) > 0
	switch {
	case next.Err != nil && !failed:
		// The harness broke: nothing is told of the cases before.
		*o = *next
	case failed && next.Result.Failures[0].Checker == isolate.Checker:
		// A process died, and what it had seen died with it, but for how far it was.
		cases, schedules, seconds := o.Result.Cases, o.Result.Schedules, o.Result.Seconds
		*o = *next
		o.Result.Cases += cases
		o.Result.Schedules += schedules
		o.Result.Seconds += seconds
	default:
		r := next.Result
		r.Failures = slices.Clone(r.Failures)
		for i := range r.Failures {
			r.Failures[i].Schedules += o.Result.Schedules // which ran before, in the whole run
		}
		o.Result.Merge(r)
		o.Err = next.Err
		o.Interrupted = o.Interrupted || next.Interrupted
	}
}
