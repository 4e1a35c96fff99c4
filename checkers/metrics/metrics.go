// Package metrics decides whether the figures of a result are complete and add
// up: nothing counted twice, nothing left out, nothing claimed that the trace does
// not show.
package metrics

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// Checker holds the figures of an observation against each other, and against
// its events if it has any.
type Checker struct{}

// New returns the checker.
func New() Checker { return Checker{} }

// Name returns "metrics".
func (Checker) Name() string { return "metrics" }

// sum is one equation that must hold, in words.
type sum struct {
	rule string
	what string
	got  int
	want int
}

// Check fails on the first figure that does not add up.
func (Checker) Check(w batch.Workload, o trace.Observation) checkers.Verdict {
	n := len(w.Batch.Transactions)
	if v := workers(w, o); v.Status != checkers.Pass {
		return v
	}
	var sums []sum
	if o.Outcome != trace.Refused {
		grouped, parallel := 0, 0
		for _, g := range o.Groups {
			grouped += len(g)
			if len(g) > 1 {
				parallel += len(g)
			}
		}
		if o.Serial {
			parallel = 0
		}
		sums = append(sums, sum{"groups", "the transactions in groups", grouped, n})
		if o.Outcome == trace.Committed {
			sums = append(sums,
				sum{"executed", "the executed transactions", o.Executed, n},
				sum{"parallel", "the transactions executed in groups of two or more", o.Parallel, parallel})
		}
	}
	switch o.Outcome {
	case trace.TimedOut, trace.Cancelled:
		sums = append(sums, sum{"completed and pending", "completed and pending transactions together", o.Completed + o.Pending, n})
	case trace.Refused:
		sums = append(sums, sum{"executed", "the executed transactions of a refused batch", o.Executed, 0})
	}
	for _, s := range sums {
		if s.got != s.want {
			return checkers.Failed(s.rule, fmt.Sprintf("%s should be %d, and the result says %d", s.what, s.want, s.got))
		}
	}
	if o.Executed > n || o.Executed < 0 {
		return checkers.Failed("executed", fmt.Sprintf("the result says that %d of %d transactions were executed", o.Executed, n))
	}
	return events(w, o)
}

// workers holds the worker count against the setup.
func workers(w batch.Workload, o trace.Observation) checkers.Verdict {
	least, most := 1, w.Setup.Workers
	switch {
	case o.Outcome == trace.Refused, o.Outcome == trace.TimedOut, o.Outcome == trace.Cancelled:
		least = 0 // none may have been started
	case o.Serial:
		most = 1
	}
	if w.Setup.Mode == batch.Blocking {
		most = max(w.Setup.Limit, len(w.Batch.Transactions), 1)
	}
	if o.Workers < least || o.Workers > max(most, least) {
		return checkers.Failed("workers", fmt.Sprintf("the result says %d workers, and there can be %d to %d", o.Workers, least, max(most, least)))
	}
	return checkers.Passed()
}

// events holds the figures against the trace.
func events(w batch.Workload, o trace.Observation) checkers.Verdict {
	if w.Setup.Untraced {
		if len(o.Events) > 0 {
			return checkers.Failed("untraced", fmt.Sprintf("tracing was off, and there are %d events", len(o.Events)))
		}
		return checkers.Passed()
	}
	commits := 0
	for _, e := range o.Events {
		if e.Kind == trace.Commit {
			commits++
		}
		if e.Time > o.Elapsed {
			return checkers.Failed("elapsed", fmt.Sprintf("the result says that %v elapsed, and an event happened at %v", o.Elapsed, e.Time))
		}
		if e.Worker < 0 || w.Setup.Mode != batch.Blocking && int(e.Worker) >= max(o.Workers, 1) {
			return checkers.Failed("worker number", fmt.Sprintf("an event names worker %d of %d", e.Worker, o.Workers))
		}
	}
	if o.Outcome == trace.Committed && commits != o.Executed {
		return checkers.Failed("executed", fmt.Sprintf("the trace shows %d commits, and the result says %d transactions", commits, o.Executed))
	}
	return checkers.Passed()
}
