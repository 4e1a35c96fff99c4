package checker

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/checkers/serializability"
	"synchrony/checkers/smt"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// Confirmation is a set of the ways in which the verdict on a run is confirmed.
type Confirmation uint8

// The confirmations, from the cheapest. The graph judges every run before them.
const (
	ByPlan   Confirmation = 1 << iota // the plan is as good as the serial order, for all inputs
	BySearch                          // porcupine finds an order, or none
	BySolver                          // Z3 finds an order, or none
)

// How large a run may be to be confirmed by search and by Z3, in transactions.
const (
	maxSearched = 64
	maxSolved   = 200
)

// Of so many runs one is confirmed, as the hash of what happened has it.
const (
	planEvery   = 16
	searchEvery = 8
	solverEvery = 32
)

// Confirmations are those that confirm the verdict on a run. They depend on what was observed and on
// nothing else, so that a run has the same verdict again; and since schedules differ, on
// average they are a fixed part of them, which keeps them cheap.
func Confirmations(o *trace.Observation, transactions int) Confirmation {
	var r Confirmation
	hash := digest(o)
	if hash%planEvery == 0 && o.Outcome == history.Committed {
		r |= ByPlan
	}
	if hash%searchEvery == 0 && transactions <= maxSearched {
		r |= BySearch
	}
	if hash%solverEvery == 0 && transactions <= maxSolved && smt.Available {
		r |= BySolver
	}
	return r
}

// digest mixes what happened in a run, but for the times (FNV-1a, by words).
func digest(o *trace.Observation) uint64 {
	hash := uint64(14695981039346656037)
	mix := func(word uint64) { hash = (hash ^ word) * 1099511628211 }
	for i := range o.Events {
		e := &o.Events[i]
		mix(uint64(e.Kind) | uint64(e.Tx)<<8 | uint64(e.Account)<<40)
		mix(uint64(e.Old))
		mix(uint64(e.Version))
	}
	return hash >> 20 // the low bits of a product see the low bits of its factors only
}

// crossChecked judges the runs of a batch: all by the graph, some of them again by plan, search and Z3.
type crossChecked struct {
	judges
	confirmations func(*trace.Observation, int) Confirmation
}

// CrossChecked returns a checker with the name and rules of serializability's, whose verdicts other
// checkers confirm where that is cheap enough: see [Confirmations], and all that fail. It fails by the
// rule disagreement if they don't.
func CrossChecked() checkers.Checker[batch.Workload, trace.Observation] {
	return crossChecked{builtIn(), Confirmations}
}

func (crossChecked) Name() string { return serializability.New().Name() }

func (c crossChecked) Check(w batch.Workload, o trace.Observation) checkers.Verdict {
	h, v := serializability.HistoryOf(w, &o)
	if h == nil {
		return v
	}
	graph := c.graph(h).Verdict
	switch graph.Status {
	case checkers.Pass:
		return c.confirm(w, &o, h, graph)
	case checkers.Fail:
		return c.explain(h, graph)
	default:
		return graph
	}
}

// confirm has a run that the graph accepts judged in the other ways that are due for it.
func (c crossChecked) confirm(w batch.Workload, o *trace.Observation, h *history.History, graph checkers.Verdict) checkers.Verdict {
	confirmations := c.confirmations(o, h.Len())
	v := verdicts{Graph: graph}
	if confirmations&BySearch != 0 {
		v.Search = c.search(h).Verdict
	}
	if confirmations&BySolver != 0 {
		v.Installed = c.order(h, smt.OrderOptions{Versions: true, RealTime: true}).Verdict
	}
	if bug := contradiction(traits{}, &v); bug != "" {
		return checkers.Failed(disagreement, bug)
	}
	if confirmations&ByPlan != 0 {
		if plan := c.plan(w.Batch, o.Edges); plan.Status == checkers.Fail {
			return checkers.Failed(plan.Rule, "this run was serializable, but the plan allows one that is not: "+plan.Reason, plan.Evidence...)
		}
	}
	return graph
}

// explain has a search look for the order that the graph says there is none of, and says whether the
// fault is in the values, the versions, or both.
func (c crossChecked) explain(h *history.History, graph checkers.Verdict) checkers.Verdict {
	v := verdicts{Graph: graph, Versions: c.graph(truthful(h)).Verdict}
	if h.Len() <= maxSearched {
		v.Search, v.Values = c.search(h).Verdict, c.values(calls(h))
	}
	if bug := contradiction(traits{lies: true}, &v); bug != "" {
		return checkers.Failed(disagreement, bug)
	}
	var why string
	switch {
	case v.Versions.Status == checkers.Pass:
		why = fmt.Sprintf("%s: the versions alone have a serial order", traceLies)
	case v.Values.Status == checkers.Pass:
		why = fmt.Sprintf("%s: the values alone have a serial order", aba)
	case v.Search.Status == checkers.Fail:
		why = "a search finds no serial order, either"
	default:
		return graph
	}
	graph.Evidence = append(graph.Evidence, why)
	return graph
}
