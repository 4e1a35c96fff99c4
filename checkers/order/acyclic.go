package order

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Acyclic checks that the plan's edges form no cycle; that a batch whose
// dependencies form one was refused before anything ran, and the cycle named is
// real; and that no other batch was refused for one. Rules: "cyclic plan", "cycle
// not refused", "refused without a cycle", "no such cycle", "ran though refused".
func Acyclic() checkers.OfBatch { return ruled("acyclic", checkAcyclic) }

func checkAcyclic(r *run) verdict {
	refused := r.seen.Outcome == history.Refused
	switch {
	case r.deps.cyclic() && !refused:
		cycle := r.realCycle()
		return checkers.Failed("cycle not refused",
			fmt.Sprintf("the batch ran (%v), though its dependencies form the cycle %s", r.seen.Outcome, r.names.Txs(cycle)),
			r.explainCycle(cycle)...)
	case !refused:
		return r.checkPlanAcyclic()
	case r.deps.cyclic() && len(r.seen.Cycle) == 0 && r.setup.Workers > 0:
		cycle := r.realCycle()
		return checkers.Failed("no such cycle",
			fmt.Sprintf("the batch was refused without naming a cycle; %s is one", r.names.Txs(cycle)), r.explainCycle(cycle)...)
	case !r.deps.cyclic() && len(r.seen.Cycle) > 0:
		return checkers.Failed("refused without a cycle",
			fmt.Sprintf("the batch was refused for the cycle %v, but its dependencies form none", r.seen.Cycle), "error: "+r.seen.Error)
	}
	if v := r.checkNamedCycle(); v.Status != checkers.Pass {
		return v
	}
	return r.checkIdle()
}

func (r *run) checkPlanAcyclic() verdict {
	if i := r.outside(r.seen.Edges); i >= 0 {
		return checkers.Undecided("malformed: edge %d (%s): there are %d transactions", i, r.names.Dependency(r.seen.Edges[i]), len(r.batch.Transactions))
	}
	n := len(r.batch.Transactions)
	topo := topological(n, func(edge func(from, to int32)) {
		for i := range r.seen.Edges {
			edge(r.seen.Edges[i].From, r.seen.Edges[i].To)
		}
	})
	if len(topo) == n {
		return checkers.Passed()
	}
	preds := group(n, func(put func(int32, int32)) {
		for i := range r.seen.Edges {
			put(r.seen.Edges[i].To, r.seen.Edges[i].From)
		}
	})
	return r.cyclicPlan(topo, &preds)
}

// checkNamedCycle checks that each transaction of the cycle named waits for the
// next, and the last for the first.
func (r *run) checkNamedCycle() verdict {
	if len(r.seen.Cycle) == 0 {
		return checkers.Passed() // refused for another reason
	}
	cycle := make([]int32, len(r.seen.Cycle))
	index := make(map[string]int32, len(r.batch.Transactions))
	for i := range r.batch.Transactions {
		index[r.batch.Transactions[i].ID] = int32(i)
	}
	for k, id := range r.seen.Cycle {
		i, ok := index[id]
		if !ok || slices.Contains(r.seen.Cycle[:k], id) {
			return checkers.Failed("no such cycle", fmt.Sprintf("the cycle named, %v, has %s twice or is not of this batch", r.seen.Cycle, id))
		}
		cycle[k] = i
	}
	for k, waiting := range cycle {
		next := cycle[(k+1)%len(cycle)]
		if kinds, _ := between(r.batch, next, waiting, nil); kinds == 0 {
			return checkers.Failed("no such cycle",
				fmt.Sprintf("the cycle named is none: %s does not depend on %s", r.names.Tx(waiting), r.names.Tx(next)),
				fmt.Sprintf("named: %s, each waiting for the next", r.names.Txs(cycle)), r.declared(waiting), r.declared(next))
		}
	}
	return checkers.Passed()
}

// checkIdle checks that a refused batch left no trace of running.
func (r *run) checkIdle() verdict {
	for _, events := range [][]trace.Event{r.seen.Events, r.seen.Late} {
		if len(events) > 0 {
			return checkers.Failed("ran though refused", "the batch was refused, and yet a transaction ran", r.names.Event(events[0]))
		}
	}
	if r.seen.Executed > 0 {
		return checkers.Failed("ran though refused", fmt.Sprintf("the batch was refused, and yet it reports %d executed transactions", r.seen.Executed))
	}
	return checkers.Passed()
}

// realCycle returns a cycle of the dependencies, each transaction waiting for the
// next.
func (r *run) realCycle() []int32 {
	return reversed(findCycle(len(r.batch.Transactions), r.deps.order, func(node int32, visit func(int32)) {
		for _, p := range r.deps.preds.of(int(node)) {
			visit(p.from)
		}
	}))
}

func (r *run) explainCycle(cycle []int32) []string {
	var lines []string
	for k, waiting := range cycle {
		if len(lines) == maxEvidence {
			return append(lines, fmt.Sprintf("… and %d more", len(cycle)-k))
		}
		next := cycle[(k+1)%len(cycle)]
		for _, p := range r.deps.preds.of(int(waiting)) {
			if p.from == next {
				lines = append(lines, r.because(next, waiting, p.kind, p.account))
				break
			}
		}
	}
	return lines
}
