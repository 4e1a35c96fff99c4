package order

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// Plan checks the plan's edges: each is there once and has a reason, in the declared sets or in an
// after clause, and their transitive closure covers every conflicting pair in
// submission order and every after clause. Those of a batch that was refused need not cover anything. Rules: "edge without
// reason", "repeated edge", "missing dependency", "cyclic plan".
func Plan() checkers.OfBatch { return ruled("plan", checkPlan) }

func checkPlan(r *run) verdict {
	if i := r.outside(r.seen.Edges); i >= 0 {
		return checkers.Undecided("malformed: edge %d (%s): there are %d transactions", i, r.names.Dependency(r.seen.Edges[i]), len(r.batch.Transactions))
	}
	for i := range r.seen.Edges {
		if v := r.checkReason(&r.seen.Edges[i], "edge"); v.Status != checkers.Pass {
			return v
		}
	}
	if v := r.checkEdgesOnce(); v.Status != checkers.Pass || !r.planned() {
		return v
	}
	return r.checkCoverage()
}

// checkEdgesOnce checks that no edge is there twice.
func (r *run) checkEdgesOnce() verdict {
	preds := group(len(r.batch.Transactions), func(put func(int32, int32)) {
		for i := range r.seen.Edges {
			put(r.seen.Edges[i].To, r.seen.Edges[i].From)
		}
	})
	last := filled(len(r.batch.Transactions), trace.None) // by predecessor: who was last found to wait for it
	for j := range r.batch.Transactions {
		for _, from := range preds.of(j) {
			if last[from] == int32(j) {
				return checkers.Failed("repeated edge", fmt.Sprintf("the plan has the edge %s -> %s twice", r.names.Tx(from), r.names.Tx(int32(j))))
			}
			last[from] = int32(j)
		}
	}
	return checkers.Passed()
}

// checkReason checks that what d says is true: the reasons it gives are among
// the real ones, and it gives one.
func (r *run) checkReason(d *trace.Dependency, what string) verdict {
	kinds, accounts := between(r.batch, d.From, d.To, r.accounts)
	r.accounts = accounts
	if len(d.Accounts) > 0 && d.Kinds == kinds && slices.Equal(d.Accounts, accounts) {
		return checkers.Passed() // exact, as most are
	}
	phantom := func(why string) verdict {
		return checkers.Failed(what+" without reason",
			fmt.Sprintf("the %s %s -> %s %s", what, r.names.Tx(d.From), r.names.Tx(d.To), why),
			what+": "+r.names.Dependency(*d), r.declared(d.From), r.declared(d.To))
	}
	data := d.Kinds &^ trace.After
	switch {
	case d.Kinds == 0:
		return phantom("gives no reason")
	case kinds == 0:
		return phantom("joins transactions of which neither writes what the other accesses")
	case d.Kinds&^kinds != 0:
		return phantom(fmt.Sprintf("claims %v, and there is %v", d.Kinds, kinds))
	case data != 0 && len(d.Accounts) == 0:
		return phantom("names no account")
	case data == 0 && len(d.Accounts) > 0:
		return phantom("names an account, and no reason that is about one")
	case !checkers.Ascending(d.Accounts):
		return phantom("names its accounts out of order, or one twice")
	}
	for _, a := range d.Accounts {
		if _, ok := slices.BinarySearch(accounts, a); !ok {
			return phantom(fmt.Sprintf("names %s, over which they do not conflict", r.names.Account(a)))
		}
	}
	return checkers.Passed()
}

// declared is a transaction's declared sets, as evidence.
func (r *run) declared(tx int32) string {
	t := &r.batch.Transactions[tx]
	s := fmt.Sprintf("%s: reads {%s}, writes {%s}", r.names.Tx(tx), r.names.Accounts(t.Reads), r.names.Accounts(t.Writes))
	if len(t.After) > 0 {
		s += fmt.Sprintf(", after %v", t.After)
	}
	return s
}

// checkCoverage checks that a path of edges leads from every predecessor to its
// successor. Most are edges themselves. For the others of one transaction there
// is one search back from it, which does not look behind the earliest of them.
func (r *run) checkCoverage() verdict {
	n := len(r.batch.Transactions)
	preds := group(n, func(put func(int32, int32)) {
		for i := range r.seen.Edges {
			put(r.seen.Edges[i].To, r.seen.Edges[i].From)
		}
	})
	topo := topological(n, func(edge func(from, to int32)) {
		for i := range r.seen.Edges {
			edge(r.seen.Edges[i].From, r.seen.Edges[i].To)
		}
	})
	if len(topo) < n {
		return r.cyclicPlan(topo, &preds)
	}
	rank := make([]int32, n)
	for i, tx := range topo {
		rank[tx] = int32(i)
	}
	reached := filled(n, -1)
	var todo []int32
	for j := range n {
		needs := r.deps.preds.of(j)
		floor := int32(n) // the lowest rank of a predecessor that is no edge; n if there is none
		for _, p := range preds.of(j) {
			reached[p] = int32(j)
		}
		for _, p := range needs {
			if reached[p.from] != int32(j) {
				floor = min(floor, rank[p.from])
			}
		}
		if floor == int32(n) {
			continue
		}
		todo = append(todo[:0], preds.of(j)...)
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, p := range preds.of(int(at)) {
				if reached[p] != int32(j) && rank[p] >= floor {
					reached[p] = int32(j)
					todo = append(todo, p)
				}
			}
		}
		for _, p := range needs {
			if reached[p.from] != int32(j) {
				return checkers.Failed("missing dependency",
					fmt.Sprintf("the plan lets %s run without waiting for %s, but %s", r.names.Tx(int32(j)), r.names.Tx(p.from),
						r.because(p.from, int32(j), p.kind, p.account)),
					r.declared(p.from), r.declared(int32(j)),
					fmt.Sprintf("the plan's predecessors of %s: {%s}", r.names.Tx(int32(j)), r.names.Txs(preds.of(j))))
			}
		}
	}
	return checkers.Passed()
}

func (r *run) cyclicPlan(topo []int32, preds *csr[int32]) verdict {
	cycle := findCycle(len(r.batch.Transactions), topo, func(node int32, visit func(int32)) {
		for _, p := range preds.of(int(node)) {
			visit(p)
		}
	})
	return checkers.Failed("cyclic plan", fmt.Sprintf("the plan's edges form a cycle: %s, and back to %s",
		r.names.Txs(cycle), r.names.Tx(cycle[0])))
}
