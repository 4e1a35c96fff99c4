package conservation

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// verdict is what a batch checker returns.
type verdict = checkers.Verdict

// New returns the checker "conservation", which judges atomicity and conservation. Its rules are "partial effect", for
// balances that changed though the batch did not commit; "half commit", for a
// transaction of a committed batch that was rolled back; "sum changed", for a
// committed batch whose balances do not add up to what they did; "minted" and
// "burned", for a committed transaction whose own writes do not add up to nothing,
// even if another's make up for it; "broken chain", for writes that do not lead
// from the initial balances to the final ones; "torn snapshot", for somebody outside
// who saw neither wholly the state before nor wholly the one after; and "went back",
// for somebody who saw the state before after that.
func New() checkers.OfBatch { return checkers.Logged("conservation", check) }

// check judges what it can of an
// untraced one by its balances; without a trace, a transaction that mints what
// another burns is not seen, so for a committed one the verdict is then Unknown if
// nothing else is wrong.
func check(w batch.Workload, o *trace.Observation, log *trace.Log) verdict {
	j := judge{w, o, log, trace.NamesOf(w.Batch)}
	rules := []func() verdict{j.unchanged, j.snapshots}
	if o.Outcome == history.Committed {
		rules = []func() verdict{j.whole, j.transactions, j.sum, j.chain, j.snapshots, j.traced}
	}
	for _, rule := range rules {
		if v := rule(); v.Status != checkers.Pass {
			return v
		}
	}
	return checkers.Passed()
}

type judge struct {
	work  batch.Workload
	seen  *trace.Observation
	log   *trace.Log
	names trace.Names
}

func (j *judge) untraced() bool {
	return j.work.Setup.Untraced && len(j.seen.Events) == 0
}

// traced is Unknown if the transactions' own writes are not known.
func (j *judge) traced() verdict {
	if j.untraced() && len(j.work.Batch.Transactions) > 0 {
		return checkers.Undecided("the run was not traced: one transaction may have minted what another burned")
	}
	return checkers.Passed()
}

// unchanged checks that a batch that did not commit left all balances as they were.
func (j *judge) unchanged() verdict {
	for a, v := range j.seen.Final {
		if v != j.seen.Initial[a] {
			return checkers.Failed("partial effect",
				fmt.Sprintf("the batch did not commit (%v), but %s has %d and had %d", j.seen.Outcome, j.names.Account(batch.AccountID(a)), v, j.seen.Initial[a]),
				"initial: "+j.names.Balances(j.seen.Initial), "final:   "+j.names.Balances(j.seen.Final))
		}
	}
	return checkers.Passed()
}

// whole checks that nothing of a committed batch was rolled back.
func (j *judge) whole() verdict {
	for _, e := range j.seen.Events {
		if e.Kind == trace.Rollback {
			return checkers.Failed("half commit",
				fmt.Sprintf("the batch committed, but %s was rolled back", j.names.Tx(e.Tx)), j.names.Event(e))
		}
	}
	return checkers.Passed()
}

// transactions checks that the changes each transaction made add up to nothing.
func (j *judge) transactions() verdict {
	for tx := range j.log.Spans {
		var net wide
		for _, i := range j.log.Accesses(tx) {
			if e := &j.log.Events[i]; e.Kind == trace.Write {
				net.add(e.New)
				net.sub(e.Old)
			}
		}
		if net == (wide{}) {
			continue
		}
		rule, amount := "minted", net
		if net.negative() {
			rule, amount = "burned", wide{}.minus(net)
		}
		var evidence []string
		for _, i := range j.log.Accesses(tx) {
			if e := j.log.Events[i]; e.Kind == trace.Write {
				evidence = append(evidence, j.names.Event(e))
			}
		}
		return checkers.Failed(rule, fmt.Sprintf("%s %s %v, and the batch committed", j.names.Tx(int32(tx)), rule, amount), evidence...)
	}
	return checkers.Passed()
}

func (j *judge) sum() verdict {
	before, after := sum(j.seen.Initial), sum(j.seen.Final)
	if before == after {
		return checkers.Passed()
	}
	return checkers.Failed("sum changed",
		fmt.Sprintf("all balances together were %v, and are %v after the batch", before, after),
		"initial: "+j.names.Balances(j.seen.Initial), "final:   "+j.names.Balances(j.seen.Final))
}

// chain checks that each account's writes, in order, lead from its initial balance
// to its final one, each replacing what the one before wrote.
func (j *judge) chain() verdict {
	if j.untraced() {
		return checkers.Passed()
	}
	for a, balance := range j.seen.Initial {
		last := trace.None
		for _, i := range j.log.AccountAccesses(batch.AccountID(a)) {
			e := &j.log.Events[i]
			if e.Kind != trace.Write {
				continue
			}
			if e.Old != balance {
				return j.broken(a, fmt.Sprintf("%s replaced %d, but it had %d", j.names.Tx(e.Tx), e.Old, balance), last, i)
			}
			balance, last = e.New, i
		}
		if balance != j.seen.Final[a] {
			return j.broken(a, fmt.Sprintf("its last write left %d, but it has %d", balance, j.seen.Final[a]), last)
		}
	}
	return checkers.Passed()
}

// broken explains a break of account a's writes by its values and the events, or
// None, on both sides of it.
func (j *judge) broken(a int, what string, events ...int32) verdict {
	name := j.names.Account(batch.AccountID(a))
	evidence := []string{fmt.Sprintf("%s: initial %d, final %d", name, j.seen.Initial[a], j.seen.Final[a])}
	for _, i := range events {
		if i != trace.None {
			evidence = append(evidence, j.names.Event(j.log.Events[i]))
		}
	}
	return checkers.Failed("broken chain", fmt.Sprintf("the writes of %s do not add up: %s", name, what), evidence...)
}
