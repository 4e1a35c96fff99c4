// Package overlap decides whether independent transactions ran at the same time
// when there were workers for all of them: whether a parallel executor is one.
package overlap

import (
	"fmt"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// Checker judges batches that have a worker for each transaction, and were
// asked to run in parallel; it passes over others. It assumes that time passes only
// while all workers are busy or waiting, as it does on a virtual clock that
// fires nothing early: on such a clock two long transactions that wait for nobody
// always overlap.
type Checker struct{}

// New returns the checker.
func New() Checker { return Checker{} }

// Name returns "overlap".
func (Checker) Name() string { return "overlap" }

// interval is when a transaction ran, and whether it did to its end.
type interval struct {
	start, end    time.Duration
	started, done bool
}

// Check fails if two long transactions that wait for nobody did not overlap.
func (Checker) Check(w batch.Workload, o trace.Observation) checkers.Verdict {
	b := w.Batch
	if !Applies(w) || o.Outcome != trace.Committed {
		return checkers.Passed()
	}
	ran := make([]interval, len(b.Transactions))
	for _, e := range o.Events {
		if e.Tx < 0 || int(e.Tx) >= len(ran) {
			return checkers.Undecided("an event names transaction %d of %d", e.Tx, len(ran))
		}
		iv := &ran[e.Tx]
		switch e.Kind {
		case trace.Start:
			iv.start, iv.started = e.Time, true
		case trace.Commit:
			iv.end, iv.done = e.Time, true
		}
	}
	for i := range ran {
		if !ran[i].started || !ran[i].done {
			return checkers.Undecided("the trace does not show when %s ran", b.Transactions[i].ID)
		}
	}
	waits := make([]bool, len(ran))
	for _, e := range o.Edges {
		waits[e.To] = true
	}
	for j := range ran {
		for i := range j {
			x, y := &b.Transactions[i], &b.Transactions[j]
			if x.Work == 0 || y.Work == 0 || waits[i] || waits[j] {
				continue
			}
			if ran[i].end <= ran[j].start || ran[j].end <= ran[i].start {
				return checkers.Failed("no overlap",
					fmt.Sprintf("%s and %s wait for nobody, and there are %d workers for %d transactions, yet one ended before the other began",
						x.ID, y.ID, w.Setup.Workers, len(ran)),
					fmt.Sprintf("%s ran from %v to %v", x.ID, ran[i].start, ran[i].end),
					fmt.Sprintf("%s ran from %v to %v", y.ID, ran[j].start, ran[j].end))
			}
		}
	}
	return checkers.Passed()
}

// Applies reports whether the workload is one that the checker judges.
func Applies(w batch.Workload) bool {
	long := 0
	for i := range w.Batch.Transactions {
		if w.Batch.Transactions[i].Work > 0 {
			long++
		}
	}
	parallel := w.Setup.Mode == batch.Parallel || w.Setup.Mode == batch.Blocking
	return parallel && long >= 2 && len(w.Batch.Transactions) <= w.Setup.Workers && !w.Setup.Untraced
}
