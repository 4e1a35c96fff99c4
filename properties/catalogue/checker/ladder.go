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

// Rung is a set of the ways in which a ladder has a verdict confirmed.
type Rung uint8

// The rungs, from the cheapest. The graph, which judges every run, is below them.
const (
	ByPlan   Rung = 1 << iota // the plan is as good as the serial order, for all inputs
	BySearch                  // porcupine finds an order, or none
	BySolver                  // Z3 finds an order, or none
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
	solverEvery = 64
)

// Rungs are those that confirm the verdict on a run. They depend on what was observed and on
// nothing else, so that a run has the same verdict again; and since schedules differ, on
// average they are a fixed part of them, which keeps them cheap.
func Rungs(o *trace.Observation, transactions int) Rung {
	var r Rung
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

// ladder judges the runs of a batch: all by the graph, some of them again by plan, search and Z3.
type ladder struct {
	judges
	rungs func(*trace.Observation, int) Rung
}

// Ladder returns a checker with the name and rules of serializability's, whose verdicts other
// checkers confirm where that is cheap enough: see [Rungs], and all that fail. It fails by the
// rule [disagreement] if they don't.
func Ladder() checkers.Checker[batch.Workload, trace.Observation] { return ladder{builtIn(), Rungs} }

func (ladder) Name() string { return serializability.New().Name() }

func (l ladder) Check(w batch.Workload, o trace.Observation) checkers.Verdict {
	h, v := serializability.HistoryOf(w, &o)
	if h == nil {
		return v
	}
	graph := l.graph(h).Verdict
	switch graph.Status {
	case checkers.Pass:
		return l.confirm(w, &o, h, graph)
	case checkers.Fail:
		return l.explain(h, graph)
	default:
		return graph
	}
}

// confirm climbs the rungs that there are for a run that the graph accepts.
func (l ladder) confirm(w batch.Workload, o *trace.Observation, h *history.History, graph checkers.Verdict) checkers.Verdict {
	rungs := l.rungs(o, h.Len())
	v := verdicts{Graph: graph}
	if rungs&BySearch != 0 {
		v.Search = l.search(h)
	}
	if rungs&BySolver != 0 {
		v.Installed = l.order(h, smt.OrderOptions{Versions: true, RealTime: true}).Verdict
	}
	if bug := contradiction(traits{}, &v); bug != "" {
		return checkers.Failed(disagreement, bug)
	}
	if rungs&ByPlan != 0 {
		if plan := l.plan(w.Batch, o.Edges); plan.Status == checkers.Fail {
			return checkers.Failed(plan.Rule, "this run was serializable, but the plan allows one that is not: "+plan.Reason, plan.Evidence...)
		}
	}
	return graph
}

// explain has a search look for the order that the graph says there is none of, and says whether the
// fault is in the values, the versions, or both.
func (l ladder) explain(h *history.History, graph checkers.Verdict) checkers.Verdict {
	v := verdicts{Graph: graph, Versions: l.graph(truthful(h)).Verdict}
	if h.Len() <= maxSearched {
		v.Search, v.Values = l.search(h), l.values(calls(h))
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
