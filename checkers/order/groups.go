package order

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// Groups checks the plan's levels: each transaction is in exactly one, none is empty, no two in
// one group depend on each other, and a transaction's group is the length of the
// longest chain of dependencies that leads to it. Rules: "transaction in no
// group", "transaction in two groups", "empty group", "groups of no plan" (of a batch that was refused), "conflict inside a
// group", "wrong level".
func Groups() checkers.OfBatch { return ruled("groups", checkGroups) }

func checkGroups(r *run) verdict {
	if !r.planned() && len(r.seen.Groups) > 0 {
		return checkers.Failed("groups of no plan", fmt.Sprintf("the batch was refused before there was a plan, and that has %d groups", len(r.seen.Groups)))
	}
	if !r.planned() || r.deps.cyclic() {
		return checkers.Passed()
	}
	n := int32(len(r.batch.Transactions))
	group := filled(int(n), trace.None)
	for g, txs := range r.seen.Groups {
		if len(txs) == 0 {
			return checkers.Failed("empty group", fmt.Sprintf("group %d has no transaction", g))
		}
		for _, tx := range txs {
			switch {
			case tx < 0 || tx >= n:
				return checkers.Undecided("malformed: group %d: transaction %d of %d", g, tx, n)
			case group[tx] != trace.None:
				return checkers.Failed("transaction in two groups",
					fmt.Sprintf("%s is in group %d and again in group %d", r.names.Tx(tx), group[tx], g))
			}
			group[tx] = int32(g)
		}
	}
	for tx := range n {
		if group[tx] == trace.None {
			return checkers.Failed("transaction in no group",
				fmt.Sprintf("%s is in none of the %d groups", r.names.Tx(tx), len(r.seen.Groups)))
		}
		for _, p := range r.deps.preds.of(int(tx)) {
			if group[p.from] == group[tx] {
				return checkers.Failed("conflict inside a group",
					fmt.Sprintf("%s and %s are both in group %d, but %s", r.names.Tx(p.from), r.names.Tx(tx), group[tx],
						r.because(p.from, tx, p.kind, p.account)),
					r.declared(p.from), r.declared(tx))
			}
		}
	}
	for _, tx := range r.deps.order {
		if group[tx] != r.deps.level[tx] {
			return checkers.Failed("wrong level", fmt.Sprintf(
				"%s is in group %d, but the longest chain of dependencies that leads to it has %d",
				r.names.Tx(tx), group[tx], r.deps.level[tx]), r.longestChain(tx)...)
		}
	}
	return checkers.Passed()
}

// maxEvidence bounds how many links of a long chain or cycle a verdict lists.
const maxEvidence = 12

// longestChain explains a transaction's level, from its end.
func (r *run) longestChain(tx int32) []string {
	var lines []string
	for r.deps.level[tx] > 0 {
		if len(lines) == maxEvidence {
			return append(lines, fmt.Sprintf("… and %d more", r.deps.level[tx]))
		}
		for _, p := range r.deps.preds.of(int(tx)) {
			if r.deps.level[p.from] == r.deps.level[tx]-1 {
				lines = append(lines, r.because(p.from, tx, p.kind, p.account))
				tx = p.from
				break
			}
		}
	}
	return lines
}
