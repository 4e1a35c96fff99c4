package batch

import (
	"math"
	"slices"
	"time"

	"synchrony/checkers/smt"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties/catalogue/checker"
)

// What a run of a property should meet sometimes.
var (
	conflicting = condition{Name: "a conflict", Holds: func(_ batch.Workload, o trace.Observation) bool { return len(o.Conflicts) > 0 }}
	independent = condition{Name: "an independent pair", Holds: func(_ batch.Workload, o trace.Observation) bool {
		for _, g := range o.Groups {
			if len(g) > 1 {
				return true
			}
		}
		return false
	}}
	chained = condition{Name: "an after clause", Holds: func(w batch.Workload, _ trace.Observation) bool {
		for i := range w.Batch.Transactions {
			if len(w.Batch.Transactions[i].After) > 0 {
				return true
			}
		}
		return false
	}}
	cyclic    = condition{Name: "a cycle", Holds: func(_ batch.Workload, o trace.Observation) bool { return len(o.Cycle) > 0 }}
	committed = ended("a commit", history.Committed)
	aborted   = ended("an abort", history.Aborted)
	timedOut  = ended("a timeout", history.TimedOut)
	cancelled = ended("a cancellation", history.Cancelled)
	observed  = condition{Name: "an observer's read", Holds: func(_ batch.Workload, o trace.Observation) bool { return len(o.Snapshots) > 0 }}
	untraced  = condition{Name: "a run without a trace", Holds: func(w batch.Workload, _ trace.Observation) bool { return w.Setup.Untraced }}
	uneven    = condition{Name: "an abort without a trace, of wide and narrow levels", Holds: func(w batch.Workload, o trace.Observation) bool {
		narrow := func(g []int32) bool { return len(g) == 1 }
		wide := func(g []int32) bool { return len(g) > 1 }
		return w.Setup.Untraced && !o.Serial && o.Outcome == history.Aborted && slices.ContainsFunc(o.Groups, narrow) && slices.ContainsFunc(o.Groups, wide)
	}}.DrawnBy(strands())
	minting = condition{Name: "a mint or burn refused", Holds: func(_ batch.Workload, o trace.Observation) bool {
		return o.Failure != nil && o.Failure.Kind == batch.NotConserved
	}}
	overran = condition{Name: "the limit of a transaction alone", Holds: func(w batch.Workload, o trace.Observation) bool {
		return o.Outcome == history.TimedOut && w.Setup.TransactionTimeout > 0 && w.Setup.Timeout == batch.NoTimeout && w.Setup.CancelAfter == 0
	}}
	overflowed = condition{Name: "an overflow that only the sum of several reaches", Holds: func(w batch.Workload, o trace.Observation) bool {
		return o.Failure != nil && o.Failure.Kind == batch.ArithmeticFailed && batches.WouldSucceed(w.Batch, o.Failure.Tx)
	}}.DrawnBy(sums(false))
	barred = condition{Name: "a failure before others that would fail, and come after it against their order", Holds: func(w batch.Workload, o trace.Observation) bool {
		return o.Failure != nil && o.Failure.Tx > 0 && slices.Contains(w.Batch.Transactions[0].After, w.Batch.Transactions[o.Failure.Tx].ID) && !batches.WouldSucceed(w.Batch, 0)
	}}.DrawnBy(drawn(batches.Barred()))
	brimful = condition{Name: "a sum for which there is just enough room", Holds: func(w batch.Workload, o trace.Observation) bool {
		return o.Outcome == history.Committed && atTheEnd(o.Final) && !atTheEnd(o.Initial)
	}}.DrawnBy(sums(true))
	lastTooLate = condition{Name: "a limit that is short of the last step by a nanosecond", Holds: func(w batch.Workload, o trace.Observation) bool {
		return o.Outcome == history.TimedOut && batches.SpareTime(w, -1)
	}}.DrawnBy(tooShort())
	sizeable       = condition{Name: "a large batch", Holds: func(w batch.Workload, _ trace.Observation) bool { return large(w) }}
	misconfigured  = condition{Name: "a wrong configuration", Holds: func(w batch.Workload, _ trace.Observation) bool { return w.Setup.Workers < 1 }}
	defaultTimeout = condition{Name: "a default timeout over 30 s", Holds: func(w batch.Workload, o trace.Observation) bool {
		return w.Setup.Timeout == 0 && o.Limit > 30*time.Second
	}}
)

// atTheEnd reports whether a balance is the greatest or the least that there is.
func atTheEnd(balances []int64) bool {
	return slices.Contains(balances, math.MaxInt64) || slices.Contains(balances, math.MinInt64)
}

func ended(name string, by history.Outcome) condition {
	return condition{Name: name, Holds: func(_ batch.Workload, o trace.Observation) bool { return o.Outcome == by }}
}

func kind(k trace.DependencyKind, name string) condition {
	return condition{Name: "a " + name + " conflict", Holds: func(_ batch.Workload, o trace.Observation) bool {
		for _, c := range o.Conflicts {
			if c.Kinds&k != 0 {
				return true
			}
		}
		return false
	}}
}

// classify labels a case by what was drawn, and by how its default schedule ended.
func classify(w batch.Workload, o trace.Observation) []string {
	l := batches.Classify(w)
	l.Add("ended: " + o.Outcome.String())
	if len(o.Conflicts) > 0 {
		l.Add("plan: has conflicts")
	}
	if o.Serial {
		l.Add("plan: serial by its own estimate or mode")
	}
	return l
}

// size is what shrinking minimises.
func size(w batch.Workload) int { return len(w.Batch.Transactions) }

// Beyond these a batch is large: no profile but that of large ones goes there.
const (
	largeBatch = 64 // transactions
	largePool  = 16 // workers
	largeSets  = 8  // accounts of one transaction
)

// large says whether a run of a workload takes so long that one must do.
func large(w batch.Workload) bool {
	return len(w.Batch.Transactions) > largeBatch || w.Setup.Workers > largePool ||
		slices.ContainsFunc(w.Batch.Transactions, func(t batch.Transaction) bool { return len(t.Reads) > largeSets })
}

// maxRealTime bounds what a workload may take on plain goroutines.
const maxRealTime = 2 * time.Millisecond

// quick says whether a workload may run in real time: nothing in it waits long,
// and no timer decides its outcome.
func quick(w batch.Workload) bool {
	var work time.Duration
	for i := range w.Batch.Transactions {
		work += w.Batch.Transactions[i].Work
	}
	s := w.Setup
	return work <= maxRealTime && s.Timeout <= 0 && s.TransactionTimeout == 0 && s.CancelAfter == 0
}

// crossChecked is that a conflict occurs, a commit, and each of the ways in which a verdict is confirmed that
// this build has.
func crossChecked() []condition {
	list := []condition{conflicting, committed}
	confirmations := []struct {
		name         string
		confirmation checker.Confirmation
	}{{"confirmed by search", checker.BySearch}, {"confirmed by the plan's proof", checker.ByPlan}, {"confirmed by Z3", checker.BySolver}}
	for _, r := range confirmations {
		if r.confirmation == checker.BySolver && !smt.Available {
			continue
		}
		list = append(list, condition{Name: r.name, Holds: func(w batch.Workload, o trace.Observation) bool {
			return checker.Confirmations(&o, len(w.Batch.Transactions))&r.confirmation != 0
		}})
	}
	return list
}
