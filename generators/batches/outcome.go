package batches

import (
	"slices"

	"synchrony/generators"
	"synchrony/models/batch"
)

// classifyOutcome says how the batch must end, by the specification, timers apart;
// nothing of a batch that is too large for it (see classifyPairs).
func classifyOutcome(l *generators.Labels, w batch.Workload) {
	n := len(w.Batch.Transactions)
	if n > classifyPairs {
		return
	}
	outcome := batch.RunSerially(w.Batch, w.Setup.Panics...)
	switch {
	case outcome.Cycle != nil:
		l.Add("outcome: cycle")
		if len(outcome.Cycle.Cycle) > 2 {
			l.Add("cycle: three or more")
		}
	case outcome.Failure != nil:
		l.Add("outcome: " + outcomes[outcome.Failure.Kind])
		classifyFailing(l, n, outcome.Failure.Tx, failures(w))
		if firstToFail(&outcome) != outcome.Failure.Tx {
			l.Add("failing: out of order")
		}
	default:
		l.Add("outcome: commits")
	}
}

// firstToFail is the transaction that fails first in the order of execution, which after
// clauses may make another than the first in the order of submission.
func firstToFail(o *batch.Outcome) int {
	for _, tx := range o.Order {
		if o.Effects[tx].Failure != nil {
			return tx
		}
	}
	return -1
}

// classifyFailing says where among n transactions the first failure is, and
// whether there are more. Others that would fail count even if they wait for one
// that does: a system that goes on by mistake would run them.
func classifyFailing(l *generators.Labels, n, first int, all []failing) {
	switch {
	case n > 1 && len(all) == n:
		l.Add("failing: every")
	case len(all) > 1:
		l.Add("failing: several")
	case first == 0:
		l.Add("failing: first")
	case first == n-1:
		l.Add("failing: last")
	default:
		l.Add("failing: in the middle")
	}
	if offset(all) {
		l.Add("failing: mint offset by burn")
	}
}

var outcomes = map[batch.FailureKind]string{
	batch.GuardFailed:         "guard fails",
	batch.PostconditionFailed: "postcondition fails",
	batch.ArithmeticFailed:    "arithmetic fails",
	batch.NotConserved:        "mints or burns",
	batch.AccessDenied:        "access denied",
	batch.Rejected:            "rejected",
	batch.Panicked:            "panics",
}

// failing is a transaction that fails in a serial execution in which one that
// fails has no effect.
type failing struct {
	tx     int
	kind   batch.FailureKind
	minted int64 // what it would make of nothing, if that is its failure
}

// failures returns the transactions in text form that fail, in order.
func failures(w batch.Workload) []failing {
	balances := w.Batch.Balances()
	old := func(a batch.AccountID) int64 { return balances[a] }
	var fs []failing
	for i := range w.Batch.Transactions {
		t := &w.Batch.Transactions[i]
		if slices.Contains(w.Setup.Panics, t.ID) {
			fs = append(fs, failing{tx: i, kind: batch.Panicked})
			continue
		}
		if t.Call == nil {
			continue
		}
		effects, broken := evaluate(t.Call, old)
		switch {
		case broken != nil:
			fs = append(fs, failing{tx: i, kind: broken.Kind})
		case !conserves(effects, old):
			f := failing{tx: i, kind: batch.NotConserved}
			for _, e := range effects {
				f.minted += e.value - balances[e.account] // may wrap: a label only
			}
			fs = append(fs, f)
		default:
			for _, e := range effects {
				balances[e.account] = e.value
			}
		}
	}
	return fs
}

// offset reports whether two transactions mint and burn the same amount.
func offset(fs []failing) bool {
	for i, f := range fs {
		for _, g := range fs[i+1:] {
			if f.minted != 0 && f.minted == -g.minted {
				return true
			}
		}
	}
	return false
}
