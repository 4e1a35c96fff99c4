package batches

import (
	"math"
	"time"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// setupNumbers is what is drawn of a configuration. Durations are relative to
// the batch's work, which is not known yet.
type setupNumbers struct {
	workers    int
	mode       batch.Mode
	limit      int
	observers  int
	untraced   bool
	timeout    choice.Deadline
	txTimeout  choice.Deadline
	cancel     choice.Deadline
	exactWorks bool // a duration equals a sum of works instead of lying beside it
}

func drawSetup(s choice.Source, o Options) setupNumbers {
	var n setupNumbers
	workers := []int{1, 2, 3, 4, 5, 6, 8, 11, 16}
	n.workers = min(workers[choice.Pick(s, 12, 24, 18, 14, 4, 4, 8, 3, 5)], o.MaxWorkers)
	if choice.Chance(s, o.Modes) {
		n.mode = []batch.Mode{batch.Auto, batch.Serial, batch.Blocking}[choice.Pick(s, 3, 3, 4)]
	} else {
		n.mode = batch.Parallel
	}
	n.limit = []int{0, 1, 2, 3, 100}[choice.Pick(s, 4, 1, 2, 1, 1)]
	if choice.Chance(s, o.Observed) {
		n.observers = 1 + choice.Pick(s, 2, 1)
	}
	n.untraced = choice.Chance(s, o.Untraced)
	if choice.Chance(s, o.Timeouts) {
		// One of them at least is set: of the batch, of each transaction, both.
		which := choice.Pick(s, 5, 3, 2)
		if which != 1 {
			n.timeout = choice.None + choice.Deadline(choice.Pick(s, 2, 4, 4, 3, 5, 2))
		}
		if which != 0 {
			n.txTimeout = choice.Instant + choice.Deadline(choice.Pick(s, 3, 3, 2, 3, 2))
		}
	}
	if choice.Chance(s, o.Cancels) {
		n.cancel = choice.Instant + choice.Deadline(choice.Pick(s, 3, 4, 3, 5, 2))
	}
	n.exactWorks = s.Bits(1) == 1
	if choice.Chance(s, o.Misconfigured) {
		n.workers = []int{0, -1, math.MinInt}[choice.Pick(s, 3, 1, 1)]
	}
	return n
}

// timed reports whether a timer may end the run: it needs work to be of interest.
func (n setupNumbers) timed() bool {
	return n.timeout != choice.Unset || n.txTimeout != choice.Unset || n.cancel != choice.Unset
}

// setup turns the numbers into a configuration for b.
func (n setupNumbers) setup(b *batch.Batch) batch.Setup {
	var total, longest time.Duration
	for i := range b.Transactions {
		total += b.Transactions[i].Work
		longest = max(longest, b.Transactions[i].Work)
	}
	beside := time.Nanosecond
	if n.exactWorks {
		beside = 0 // the work and the timer end at the same instant
	}
	share := total // of one worker, at best
	if n.mode != batch.Serial {
		share /= time.Duration(max(n.workers, 1))
	}
	s := batch.Setup{
		Workers:            n.workers,
		Mode:               n.mode,
		Timeout:            n.timeout.After(share, beside),
		TransactionTimeout: n.txTimeout.After(longest, beside),
		CancelAfter:        n.cancel.After(share, beside),
		Observers:          n.observers,
		Untraced:           n.untraced,
	}
	if n.mode == batch.Blocking {
		s.Limit = n.limit
	}
	return s
}
