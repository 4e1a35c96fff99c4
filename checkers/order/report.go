package order

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// Report checks the conflict report: it has every pair of transactions that
// share an account with at least one write, with all reasons and accounts, once,
// in order (by one of its ends and then the other), and nothing else. It costs
// time linear in the accesses and in the report. Rules: "missing conflict",
// "conflict without reason", "incomplete conflict", "repeated conflict",
// "unordered report".
func Report() checkers.OfBatch { return ruled("report", checkReport) }

func checkReport(r *run) verdict {
	report := r.seen.Conflicts
	if !r.planned() && len(report) == 0 {
		return checkers.Passed()
	}
	if i := r.outside(report); i >= 0 {
		return checkers.Undecided("malformed: conflict %d (%s): there are %d transactions", i, r.names.Dependency(report[i]), len(r.batch.Transactions))
	}
	for i := range report {
		if v := r.checkEntry(&report[i]); v.Status != checkers.Pass {
			return v
		}
	}
	if v := r.checkReportOrder(); v.Status != checkers.Pass {
		return v
	}
	p := newPairs(r)
	p.exact = true
	return p.compare(func(tx int32) ([]batch.AccountID, []batch.AccountID) {
		return r.batch.Transactions[tx].Reads, r.batch.Transactions[tx].Writes
	})
}

// checkEntry checks that an entry of the report is true, and has all reasons and
// accounts.
func (r *run) checkEntry(d *trace.Dependency) verdict {
	if d.Kinds&trace.After != 0 {
		return checkers.Failed("conflict without reason",
			fmt.Sprintf("the conflict %s gives an after clause as a reason: that is no conflict", r.names.Dependency(*d)))
	}
	if v := r.checkReason(d, "conflict"); v.Status != checkers.Pass {
		return v
	}
	kinds, accounts := between(r.batch, d.From, d.To, r.accounts)
	if kinds &^= trace.After; kinds == d.Kinds && slices.Equal(accounts, d.Accounts) {
		return checkers.Passed()
	}
	real := trace.Dependency{From: d.From, To: d.To, Kinds: kinds, Accounts: accounts}
	return checkers.Failed("incomplete conflict", fmt.Sprintf("the conflict %s is really %s", r.names.Dependency(*d), r.names.Dependency(real)))
}

// checkReportOrder checks that the report is sorted, strictly, in one of the two
// ways that a list of pairs can be.
func (r *run) checkReportOrder() verdict {
	byFrom, byTo := -1, -1
	for i := 1; i < len(r.seen.Conflicts); i++ {
		x, y := &r.seen.Conflicts[i-1], &r.seen.Conflicts[i]
		if x.From == y.From && x.To == y.To {
			return checkers.Failed("repeated conflict", fmt.Sprintf("the report has the pair %s, %s twice", r.names.Tx(x.From), r.names.Tx(x.To)))
		}
		if byFrom < 0 && (x.From > y.From || x.From == y.From && x.To > y.To) {
			byFrom = i
		}
		if byTo < 0 && (x.To > y.To || x.To == y.To && x.From > y.From) {
			byTo = i
		}
	}
	if byFrom >= 0 && byTo >= 0 {
		return checkers.Failed("unordered report", "the conflict report is sorted neither by its first transactions nor by its second ones",
			"not by the first: "+r.names.Dependency(r.seen.Conflicts[byFrom-1]), "before: "+r.names.Dependency(r.seen.Conflicts[byFrom]),
			"not by the second: "+r.names.Dependency(r.seen.Conflicts[byTo-1]), "before: "+r.names.Dependency(r.seen.Conflicts[byTo]))
	}
	return checkers.Passed()
}
