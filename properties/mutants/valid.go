package mutants

import (
	"slices"

	"synchrony/properties/document"
)

// Check says what cannot be of an outcome, whoever has written it.
func (o *Outcome) Check() error {
	var f document.Faults
	f.If(!slices.Contains([]Status{Survived, Killed, Inconclusive, Broken, TimedOut}, o.Status), "status", "%q, which is none", o.Status)
	f.Count("cases", o.Cases)
	f.Count("schedules", o.Schedules)
	f.Seconds("seconds", o.Seconds)
	f.In("failure", o.Failure.Check())
	return f.Err()
}

// Check says what cannot be of a record of a mutant that was tried, whoever has written it.
func (r *Record) Check() error {
	var f document.Faults
	known := []Result{
		AsExpected, Alive, KnownAlive, NewlyKilled, ByAnother, OtherVerdict, NotReproduced, NotByMutation, DoesNotApply, DoesNotBuild, DoesNotRun,
	}
	f.If(!slices.Contains(known, r.Result), "result", "%q, which is none", r.Result)
	f.If(r.Replayed < 0 || r.Replayed > Replays, "replayed", "%d, of %d", r.Replayed, Replays)
	f.Seconds("seconds", r.Seconds)
	if r.Outcome.Status != "" { // it was built
		f.In("outcome", r.Outcome.Check())
	}
	f.If(r.Result == AsExpected && r.Outcome.Status != Killed, "outcome.status", "%q of a mutant that was killed", r.Outcome.Status)
	f.If(r.Outcome.Failure.File != "" && r.Counterexample == nil, "counterexample", "it is missing")
	return f.Err()
}
