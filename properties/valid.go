package properties

import (
	"fmt"

	"synchrony/properties/document"
)

// ByProcess is the strategy of a failure that is a process's end. What the process had counted
// ended with it.
const ByProcess = "child process"

// ProcessChecker is the checker of such a failure: the watchdog of the process.
const ProcessChecker = "process"

// Check says what cannot be of a result, whoever has written it: counts that are none or
// contradict one another, failures of no case, reasons for nothing. whole says that the run came
// to its end; else its last case may have been counted in part.
func (r *Result) Check(whole bool) error {
	var f document.Faults
	f.Count("cases", r.Cases)
	f.Count("covered", r.Covered)
	f.Count("replayed", r.Replayed)
	f.Count("schedules", r.Schedules)
	f.Count("unknown", r.Unknown)
	f.Count("uncontrolled", r.Uncontrolled)
	f.Count("idle", r.Idle)
	f.Count("stress", r.Stress)
	f.Seconds("seconds", r.Seconds)
	f.If(r.Covered > r.Cases, "covered", "%d, of %d cases", r.Covered, r.Cases)
	f.If(r.Uncontrolled > r.Cases, "uncontrolled", "%d, of %d cases", r.Uncontrolled, r.Cases)
	f.If(r.Covered+r.Uncontrolled+r.Idle > r.Cases, "covered", "%d, beside %d uncontrolled and %d idle ones, of %d cases", r.Covered, r.Uncontrolled, r.Idle, r.Cases)
	f.If((r.Unknown > 0) != (r.UnknownBy != ""), "unknown", "%d, for the reason %q", r.Unknown, r.UnknownBy)
	f.If((r.Uncontrolled > 0) != (r.UncontrolledBy != ""), "uncontrolled", "%d, for the reason %q", r.Uncontrolled, r.UncontrolledBy)
	r.checkCounts(&f)
	r.checkSchedules(&f, whole)
	r.checkFailures(&f)
	return f.Err()
}

// checkCounts checks the counts of cases that had something.
func (r *Result) checkCounts(f *document.Faults) {
	for _, list := range []struct {
		path   string
		counts []Count
	}{{"labels", r.Labels}, {"sometimes", r.Sometimes}} {
		seen := map[string]bool{}
		for i, c := range list.counts {
			path := fmt.Sprintf("%s[%d]", list.path, i)
			f.Count(path+".cases", c.Cases)
			f.If(c.Cases > r.Cases, path+".cases", "%d, of %d cases", c.Cases, r.Cases)
			f.If(seen[c.Name], path+".name", "%q is there twice", c.Name)
			seen[c.Name] = true
		}
	}
}

// checkSchedules checks who chose the schedules, and that each controlled case has one.
func (r *Result) checkSchedules(f *document.Faults, whole bool) {
	checkStrategies(f, "strategies", r.Strategies)
	checkStrategies(f, "beside", r.Beside)
	left := r.Schedules
	for i, s := range r.Strategies {
		f.If(s.Schedules > left, fmt.Sprintf("strategies[%d].schedules", i), "%d, of %d schedules, of which %d were chosen otherwise", s.Schedules, r.Schedules, r.Schedules-left)
		left -= s.Schedules
	}
	if !whole || r.lossy() {
		return
	}
	f.If(len(r.Strategies) > 0 && left != 0, "schedules", "%d, of which %d were chosen by no strategy", r.Schedules, left)
	controlled := r.Cases - r.Uncontrolled - r.Idle
	f.If(r.Schedules < controlled, "schedules", "%d, of %d controlled cases", r.Schedules, controlled)
}

// checkStrategies checks a list of schedules by name.
func checkStrategies(f *document.Faults, path string, list []Strategy) {
	seen := map[string]bool{}
	for i, s := range list {
		f.Count(fmt.Sprintf("%s[%d].schedules", path, i), s.Schedules)
		f.If(seen[s.Name], fmt.Sprintf("%s[%d].name", path, i), "%q is there twice", s.Name)
		seen[s.Name] = true
	}
}

// lossy reports whether a part of the counts was lost with a process.
func (r *Result) lossy() bool {
	for i := range r.Failures {
		if r.Failures[i].Strategy == ByProcess {
			return true
		}
	}
	return r.Unknown > 0
}

// checkFailures checks the failures and what else comes from the corpus.
func (r *Result) checkFailures(f *document.Faults) {
	known := len(r.Stale)
	for i := range r.Failures {
		path := fmt.Sprintf("failures[%d]", i)
		x := &r.Failures[i]
		f.In(path, x.Check())
		f.If(x.Schedules > r.Schedules, path+".schedules", "%d, of %d schedules", x.Schedules, r.Schedules)
		f.If(x.Case >= 0 && r.Cases == 0, path+".case", "%d, and no case was run", x.Case)
		if x.Case < 0 {
			known++
		}
	}
	f.If(known > r.Replayed, "replayed", "%d, and %d known counterexamples failed or were stale", r.Replayed, known)
	for i, s := range r.Stale {
		path := fmt.Sprintf("stale[%d].schedules", i)
		f.Count(path, s.Schedules)
		f.If(s.Schedules > r.Schedules+r.beside(), path, "%d, of %d schedules", s.Schedules, r.Schedules+r.beside())
	}
}

// beside is how many runs there were that are not among the schedules.
func (r *Result) beside() (n int) {
	for _, s := range r.Beside {
		n += s.Schedules
	}
	return n
}

// Check says what cannot be of a failure.
func (x *Failure) Check() error {
	var f document.Faults
	f.If(x.Case < -1 || int64(x.Case) > document.MaxCount, "case", "%d, which is no number of a case", x.Case)
	f.Count("size", x.Size)
	f.Count("deviations", x.Deviations)
	f.Count("schedules", x.Schedules)
	f.Count("hits", x.Hits)
	f.Count("runs", x.Runs)
	f.If(x.Hits > x.Runs, "hits", "%d, in %d repeats", x.Hits, x.Runs)
	f.If(x.NotRepeated != "" && (x.Replayed || x.Runs > 0), "notRepeated", "%q, and it was replayed, or repeated %d times", x.NotRepeated, x.Runs)
	f.Seconds("foundSeconds", x.Found)
	f.Seconds("shrunkSeconds", x.Shrunk)
	return f.Err()
}

// Check says what cannot be of a budget.
func (b *Budget) Check() error {
	var f document.Faults
	f.Count("single", b.Single)
	f.Count("random", b.Random)
	f.Count("exhaustive", b.Exhaustive)
	f.Count("real", b.Real)
	f.Count("shrink", b.Shrink)
	return f.Err()
}

// Check says what cannot be of an exploration of so many cases, whoever has written it.
func (e *Exploration) Check(cases int) error {
	var f document.Faults
	f.Count("cases", e.Cases)
	f.Count("complete", e.Complete)
	f.Count("schedules", e.Schedules)
	f.Count("traces", e.Traces)
	f.Count("unknown", e.Unknown)
	f.Count("uncontrolled", e.Uncontrolled)
	f.Count("stress", e.Stress)
	f.If(!e.Outcomes.Valid(), "outcomes", "a number of schedules that is none")
	f.Seconds("seconds", e.Seconds)
	f.If(e.Uncontrolled > e.Cases, "uncontrolled", "%d, of %d cases", e.Uncontrolled, e.Cases)
	f.If(e.Cases > cases, "cases", "%d, of %d", e.Cases, cases)
	f.If(e.Complete > e.Cases, "complete", "%d, of %d cases", e.Complete, e.Cases)
	f.If(e.Traces > e.Schedules, "traces", "%d, of %d schedules", e.Traces, e.Schedules)
	f.If((e.Unknown > 0) != (e.UnknownBy != ""), "unknown", "%d, for the reason %q", e.Unknown, e.UnknownBy)
	if e.Failure != nil {
		f.In("failure", e.Failure.Check())
		f.If(e.Cases == cases, "failure", "it is of a case after all %d", cases)
	}
	if s := e.Suspended; s != nil {
		f.Count("suspended.schedules", s.Schedules)
		f.Count("suspended.traces", s.Traces)
		f.If(!(s.Done >= 0 && s.Done <= mostDone), "suspended.done", "%v, which is no share", s.Done)
		f.If(e.Cases == cases, "suspended", "it is of a case after all %d", cases)
	}
	return f.Err()
}

// mostDone is the most that an estimate of what is done comes to: all, but for rounding.
const mostDone = 1 + 1e-6
