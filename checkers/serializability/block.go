package serializability

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/block"
	"synchrony/models/history"
)

// The rules of blocks that no graph shows.
const (
	OutOfOrder = "out of order" // a serial order there is, and it is not the one in which the transactions are said to have committed
	WrongFinal = "wrong final state"
)

// BlockResult is what JudgeBlock found out.
type BlockResult struct {
	Result
	History *history.History // nil if the record is malformed
}

// JudgeBlock decides whether a block that was executed somewhere had the effect of its transactions one after another, in the order in which they
// committed; in any order, if the record is free of one. What the graph of the transactions shows is told by its anomaly, with a shortest cycle; for the rest,
// the transactions are executed again in that order. The verdict is Unknown for a malformed record.
func JudgeBlock(r *block.Record) BlockResult {
	h, order, err := r.History()
	if err != nil {
		return BlockResult{Result: Result{Verdict: checkers.Undecided("%v", err)}}
	}
	out := BlockResult{Judge(h), h}
	if out.Status != checkers.Pass {
		return out
	}
	if r.Free {
		effects := order // transactions of the history are numbered in commit order
		order = make([]int, 0, len(effects))
		for _, tx := range out.Order {
			order = append(order, effects[tx])
		}
	}
	out.Verdict = again(r, order)
	return out
}

// again executes the transactions in an order.
func again(r *block.Record, order []int) checkers.Verdict {
	state, last := map[string]int64{}, map[string]string{}
	for k, n := range r.Initial {
		state[k] = n
	}
	for _, i := range order {
		t := &r.Transactions[i]
		for _, s := range t.Reads {
			if s.From != nil && *s.From != last[s.Key] {
				return checkers.Failed(OutOfOrder, fmt.Sprintf("in the order of commits, %s reads %s from %s, and what is there is from %s", t.Name, s.Key, named(*s.From), writer(last, s.Key)))
			}
			if n := state[s.Key]; n != s.Value {
				return checkers.Failed(OutOfOrder, fmt.Sprintf("in the order of commits, %s reads %s: %d, and there is %d, from %s", t.Name, s.Key, s.Value, n, writer(last, s.Key)))
			}
		}
		for _, w := range t.Writes {
			state[w.Key], last[w.Key] = w.Value, t.Name
		}
	}
	return compare(r.Final, state, last)
}

func writer(last map[string]string, key string) string { return named(last[key]) }

// named is who wrote a value, by the transaction's name; none is before all.
func named(name string) string {
	if name != "" {
		return name
	}
	return "before the block"
}

// compare decides whether a final state is what it should be. A key that is not there is one of value 0, for a transaction reads that as it.
func compare(got, want map[string]int64, last map[string]string) checkers.Verdict {
	var keys []string
	for _, m := range []map[string]int64{got, want} {
		for k := range m {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var wrong []string
	for _, k := range slices.Compact(keys) {
		if got[k] != want[k] {
			wrong = append(wrong, fmt.Sprintf("%s is %d at the end, and the transactions one after another leave %d, from %s", k, got[k], want[k], writer(last, k)))
		}
	}
	if len(wrong) > 0 {
		return checkers.Failed(WrongFinal, wrong[0], wrong...)
	}
	return checkers.Passed()
}
