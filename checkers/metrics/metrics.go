// Package metrics decides whether the figures of a result are complete and add
// up: nothing counted twice, nothing left out, nothing claimed that the trace does
// not show.
package metrics

import (
	"fmt"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// New returns the checker "metrics", which holds the figures of an observation against each other, and against
// its events if it has any.
func New() checkers.OfBatch { return checkers.Observed("metrics", check) }

// sum is one equation that must hold, in words.
type sum struct {
	rule string
	what string
	got  int
	want int
}

// check fails on the first figure that does not add up.
func check(w batch.Workload, o *trace.Observation) checkers.Verdict {
	n := len(w.Batch.Transactions)
	if v := workers(w, o); v.Status != checkers.Pass {
		return v
	}
	if o.Speedup != nil {
		return checkers.Failed("speedup", fmt.Sprintf("the result claims a speedup of %g, and no serial run was measured", *o.Speedup))
	}
	var sums []sum
	wide := 0
	if o.Outcome != history.Refused {
		grouped, parallel := 0, 0
		for _, g := range o.Groups {
			grouped += len(g)
			if len(g) > 1 {
				parallel += len(g)
			}
		}
		if wide = parallel; o.Serial {
			parallel = 0
		}
		sums = append(sums, sum{"groups", "the transactions in groups", grouped, n})
		if o.Outcome == history.Committed {
			sums = append(sums,
				sum{"executed", "the executed transactions", o.Executed, n},
				sum{"parallel", "the transactions executed in groups of two or more", o.Parallel, parallel})
		}
	}
	if o.Outcome.FromOutside() {
		sums = append(sums, sum{"completed and pending", "completed and pending transactions together", o.Completed + o.Pending, n})
	} else {
		sums = append(sums, sum{"completed and pending", "the completed transactions of a batch that time did not end", o.Completed, 0},
			sum{"completed and pending", "its pending ones", o.Pending, 0})
	}
	if o.Outcome == history.Refused {
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
	if o.Completed > o.Executed {
		return checkers.Failed("completed and pending", fmt.Sprintf("the result says that %d transactions were completed, and %d executed", o.Completed, o.Executed))
	}
	if o.Parallel < 0 || o.Parallel > o.Executed || o.Serial && o.Parallel > 0 {
		return checkers.Failed("parallel", fmt.Sprintf("the result says that %d of %d executed transactions were in groups of two or more", o.Parallel, o.Executed))
	}
	if narrow := n - wide; o.Outcome != history.Refused && (o.Parallel > wide || !o.Serial && o.Executed-o.Parallel > narrow) {
		return checkers.Failed("parallel", fmt.Sprintf("%d transactions are in groups of two or more, and %d are not; the result says that %d and %d of them were executed",
			wide, narrow, o.Parallel, o.Executed-o.Parallel))
	}
	if o.Elapsed < 0 {
		return checkers.Failed("elapsed", fmt.Sprintf("the result says that %v elapsed", o.Elapsed))
	}
	if v := serial(w, o); v.Status != checkers.Pass {
		return v
	}
	return events(w, o)
}

// serial holds the way in which the batch ran against the mode that was asked for. One that
// time ended may not have begun.
func serial(w batch.Workload, o *trace.Observation) checkers.Verdict {
	begun := o.Outcome == history.Committed || o.Outcome == history.Aborted
	switch mode := w.Setup.Mode; {
	case o.Serial && (mode == batch.Parallel || mode == batch.Blocking || o.Outcome == history.Refused), !o.Serial && begun && mode == batch.Serial:
		return checkers.Failed("serial", fmt.Sprintf("the batch was %v in mode %v, and the result says that it ran serially: %v", o.Outcome, mode, o.Serial))
	}
	return checkers.Passed()
}

// workers holds the worker count against the setup.
func workers(w batch.Workload, o *trace.Observation) checkers.Verdict {
	least, most := 1, w.Setup.Workers
	switch {
	case o.Outcome == history.Refused, o.Outcome == history.TimedOut, o.Outcome == history.Cancelled:
		least = 0 // none may have been started
	case o.Serial:
		most = 1
	}
	if o.Outcome == history.Refused {
		most = 0
	} else if w.Setup.Mode == batch.Blocking {
		if most = w.Setup.Limit; most == 0 { // the executor's default
			most = max(len(w.Batch.Transactions), 1)
		}
	}
	if o.Workers < least || o.Workers > max(most, least) {
		return checkers.Failed("workers", fmt.Sprintf("the result says %d workers, and there can be %d to %d", o.Workers, least, max(most, least)))
	}
	return checkers.Passed()
}

// events holds the figures against the trace.
func events(w batch.Workload, o *trace.Observation) checkers.Verdict {
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
	if o.Outcome == history.Committed && commits != o.Executed {
		return checkers.Failed("executed", fmt.Sprintf("the trace shows %d commits, and the result says %d transactions", commits, o.Executed))
	}
	if v := executed(w, o); v.Status != checkers.Pass {
		return v
	}
	return alternating(w, o)
}

// executed bounds the counts of a batch that did not commit: those that committed were executed; which of the others
// came to their end, some of whose events may not count any more, the trace does not say.
func executed(w batch.Workload, o *trace.Observation) checkers.Verdict {
	wide := make([]bool, len(w.Batch.Transactions))
	for _, g := range o.Groups {
		for _, tx := range g {
			if tx >= 0 && int(tx) < len(wide) {
				wide[tx] = len(g) > 1 && !o.Serial
			}
		}
	}
	committed, inWide := 0, 0
	for _, e := range o.Events {
		if e.Kind != trace.Commit || e.Tx < 0 || int(e.Tx) >= len(wide) {
			continue
		}
		if committed++; wide[e.Tx] {
			inWide++
		}
	}
	if o.Executed < committed {
		return checkers.Failed("executed", fmt.Sprintf("the trace shows %d transactions that committed, and the result says that %d were executed", committed, o.Executed))
	}
	if o.Parallel < inWide {
		return checkers.Failed("parallel", fmt.Sprintf("the trace shows %d transactions of groups of two or more that committed, and the result says that %d were executed", inWide, o.Parallel))
	}
	return checkers.Passed()
}

// alternating checks that a transaction has one worker, and that no worker is said to have committed one while it was
// inside of another: a worker runs one at a time, so an event names the wrong worker.
func alternating(w batch.Workload, o *trace.Observation) checkers.Verdict {
	type span struct {
		tx         int32
		start, end time.Duration
	}
	began := map[int32]time.Duration{} // by transaction
	by := map[int32]int32{}            // by transaction: its worker
	last := map[int32]span{}           // by worker: the latest to end
	for _, e := range o.Events {
		if worker, known := by[e.Tx]; known && worker != e.Worker {
			return checkers.Failed("worker number", fmt.Sprintf("%s is said to have been run by worker %d and by worker %d",
				trace.NamesOf(w.Batch).Tx(e.Tx), worker, e.Worker))
		}
		switch e.Kind {
		case trace.Start:
			began[e.Tx], by[e.Tx] = e.Time, e.Worker
		case trace.Commit:
			// Ends come in order of time, so two overlap if the later one's start does.
			start, known := began[e.Tx]
			if before, ok := last[e.Worker]; ok && known && start < before.end && before.start < e.Time {
				names := trace.NamesOf(w.Batch)
				return checkers.Failed("worker number",
					fmt.Sprintf("worker %d is said to have run %s and %s at the same time", e.Worker, names.Tx(before.tx), names.Tx(e.Tx)),
					fmt.Sprintf("%s from %v to %v", names.Tx(before.tx), before.start, before.end),
					fmt.Sprintf("%s from %v to %v", names.Tx(e.Tx), start, e.Time))
			}
			last[e.Worker] = span{e.Tx, start, e.Time}
		}
	}
	return checkers.Passed()
}
