// Package overlap decides whether independent transactions ran at the same time,
// and dependent ones as soon as they could, when there were workers for all of them:
// whether a parallel executor is one.
package overlap

import (
	"fmt"
	"math"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// New returns the checker "overlap", which judges batches that have a worker for each transaction, and were
// asked to run in parallel; it passes over others. It assumes that time passes only
// while all workers are busy or waiting, as it does on a virtual clock that
// fires nothing early: on such a clock two long transactions that wait for nobody
// always overlap, and one that waits for others begins before time passes that
// anything else takes. Its rules are "no overlap" and "idle".
func New() checkers.OfBatch { return checkers.Observed("overlap", check) }

// interval is when a transaction ran, and whether it did to its end; of a chunk, from when it was first attempted until it succeeded.
type interval struct {
	start, end    time.Duration
	started, done bool
}

// check fails if two long transactions that wait for nobody did not overlap, or one
// that waits for others did not begin when it could.
func check(w batch.Workload, o *trace.Observation) checkers.Verdict {
	b := w.Batch
	if !Applies(w) || o.Outcome != history.Committed {
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
	for i, e := range o.Edges {
		if min(e.From, e.To) < 0 || int(max(e.From, e.To)) >= len(ran) {
			return checkers.Undecided("edge %d of the plan is from transaction %d to %d, of %d", i, e.From, e.To, len(ran))
		}
	}
	for i := range ran {
		if !ran[i].started || !ran[i].done {
			return checkers.Undecided("the trace does not show when %s ran", b.Transactions[i].ID)
		}
	}
	if v := apart(w, o, ran); v.Status != checkers.Pass {
		return v
	}
	return idle(w, o, ran)
}

// apart looks for two long transactions that wait for nobody and did not overlap.
func apart(w batch.Workload, o *trace.Observation, ran []interval) checkers.Verdict {
	b := w.Batch
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

// idle looks for a transaction that began later than its last predecessor ended, by
// as much as some transaction's work: so it has waited for one that it does not
// depend on. What else takes time is the timestamps, a nanosecond each.
func idle(w batch.Workload, o *trace.Observation, ran []interval) checkers.Verdict {
	b := w.Batch
	last := make([]int32, len(ran)) // 1 + the predecessor that ended last
	for _, e := range o.Edges {
		if l := last[e.To]; l == 0 || ran[l-1].end < ran[e.From].end {
			last[e.To] = 1 + e.From
		}
	}
	shortest := time.Duration(math.MaxInt64)
	for i := range b.Transactions {
		if work := b.Transactions[i].Work; work > 0 {
			shortest = min(shortest, work)
		}
	}
	for j, l := range last {
		if l == 0 || ran[j].start-ran[l-1].end < shortest {
			continue
		}
		x, y := b.Transactions[l-1].ID, b.Transactions[j].ID
		return checkers.Failed("idle",
			fmt.Sprintf("%s could begin when %s had ended, and there are %d workers for %d transactions, yet it began only when another had ended, too",
				y, x, w.Setup.Workers, len(ran)),
			fmt.Sprintf("%s ended at %v", x, ran[l-1].end), fmt.Sprintf("%s began at %v", y, ran[j].start))
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
