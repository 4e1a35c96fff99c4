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
	// KeepGoing says that the property is tested further after a violation: see properties.Spec.
	KeepGoing bool
}

// Ended reports whether the run of the property ends here: no case after these is tested.
func (o *Outcome) Ended() bool {
	return o.Err != nil || len(o.Result.Failures) > 0 && !o.KeepGoing || o.died()
}

// died reports whether the property's process did.
func (o *Outcome) died() bool {
	return slices.ContainsFunc(o.Result.Failures, func(f properties.Failure) bool { return f.Checker == isolate.Checker })
}

// Add continues an outcome that has not ended with that of the cases after it. What it comes to is
// what a run of all these cases would have shown, but for times.
func (o *Outcome) Add(next *Outcome) {
	failed := len(next.Result.Failures) > 0
	before := o.Result.Failures // there are some only if the run keeps going
	switch {
	case next.Err != nil && !failed:
		// The harness broke: nothing is told of the cases before.
		*o = *next
	case next.died():
		// A process died, and what it had seen died with it, but for how far it was.
		cases, schedules, seconds := o.Result.Cases, o.Result.Schedules, o.Result.Seconds
		*o = *next
		o.Result.Failures = slices.Concat(before, o.Result.Failures)
		o.Result.Cases += cases
		o.Result.Schedules += schedules
		o.Result.Seconds += seconds
	default:
		r := next.Result
		r.Failures = slices.DeleteFunc(slices.Clone(r.Failures), func(f properties.Failure) bool {
			return slices.ContainsFunc(before, func(b properties.Failure) bool { return b.Group(o.Info.ID) == f.Group(o.Info.ID) })
		})
		for i := range r.Failures {
			r.Failures[i].Schedules += o.Result.Schedules // which ran before, in the whole run
		}
		o.Result.Merge(r)
		o.Err = next.Err
		o.Interrupted = o.Interrupted || next.Interrupted
	}
}
