package batch

import (
	"context"
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/attestation"
	"synchrony/checkers/certificate"
	"synchrony/checkers/conservation"
	"synchrony/checkers/metrics"
	"synchrony/checkers/outcome"
	"synchrony/checkers/timeout"
	"synchrony/executor/sched"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
	"synchrony/properties"
)

// lived is a batch on a store on which others were executed before: what it showed there, and what it shows on a store of its own
// that has the same balances.
type lived struct{ Used, Fresh trace.Observation }

// lifetime executes batches one after another on one store, and each on a fresh one.
type lifetime struct{ system }

func (l lifetime) Name() string {
	return l.system.Name() + ": one store after another batch, and a fresh one"
}

func (l lifetime) Run(ctx context.Context, rt *sched.Runtime, ws []batch.Workload) ([]lived, error) {
	if len(ws) == 0 {
		return nil, nil
	}
	obs, err := related{base: l.system}.sequence(ctx, rt, ws)
	if err != nil {
		return nil, err
	}
	out := make([]lived, len(ws))
	for i, o := range obs {
		fresh, err := l.system.Run(ctx, rt, at(ws[i], o))
		if err != nil {
			return nil, err
		}
		out[i] = lived{o, fresh}
	}
	return out, nil
}

// at is the workload with the balances that it began with.
func at(w batch.Workload, o trace.Observation) batch.Workload {
	w.Batch = withBalances(w.Batch, o.Initial)
	return w
}

// tracelessly decides S29: each batch begins with what the one before it left, is judged by itself, and ends as on a
// fresh store, unless its time decides.
type tracelessly struct{ each []batchChecker }

func (tracelessly) Name() string { return "as on a fresh store" }

func (c tracelessly) Check(ws []batch.Workload, ls []lived) checkers.Verdict {
	for i, l := range ls {
		if v := c.checkOne(ws, ls, i, l); v.Status != checkers.Pass {
			v.Reason = fmt.Sprintf("batch %d of %d on one store: %s", i+1, len(ws), v.Reason)
			return v
		}
	}
	return checkers.Passed()
}

func (c tracelessly) checkOne(ws []batch.Workload, ls []lived, i int, l lived) checkers.Verdict {
	before := ws[0].Batch.Balances()
	if i > 0 {
		before = ls[i-1].Used.Final
	}
	if !slices.Equal(before, l.Used.Initial) {
		return checkers.Failed("late effect", fmt.Sprintf("it begins with %v, and the one before it left %v", l.Used.Initial, before))
	}
	w := at(ws[i], l.Used)
	for _, one := range c.each {
		if v := one.Check(w, l.Used); v.Status != checkers.Pass {
			return v
		}
	}
	if l.Used.Outcome.FromOutside() || l.Fresh.Outcome.FromOutside() {
		return checkers.Passed()
	}
	used, fresh := execution{"used", []trace.Observation{l.Used}}, execution{"fresh", []trace.Observation{l.Fresh}}
	if diff := sameResult(w, used, fresh); diff != "" {
		return checkers.Failed("results differ", "there and on a fresh store, it differs in "+diff)
	}
	return checkers.Passed()
}

// histories is S29.
func histories(s system) properties.Testable {
	type seen = properties.Condition[[]batch.Workload, []lived]
	some := func(name string, holds func(ws []batch.Workload, i int, ls []lived) bool) seen {
		return seen{Name: name, Holds: func(ws []batch.Workload, ls []lived) bool {
			for i := range ls {
				if holds(ws, i, ls) {
					return true
				}
			}
			return false
		}}
	}
	after := func(name string, is func(lived) bool) seen {
		return some("a commit after "+name, func(_ []batch.Workload, i int, ls []lived) bool {
			return i > 0 && is(ls[i-1]) && ls[i].Used.Outcome == history.Committed
		})
	}
	long := seen{Name: "more than 60 batches", Holds: func(ws []batch.Workload, _ []lived) bool { return len(ws) > 60 }}
	return &properties.Property[[]batch.Workload, []lived]{
		ID: "S29", Group: Group, Statement: "whatever was executed on a store before, a batch on it shows what it shows on a fresh one with these balances",
		Source: properties.Here(0), System: lifetime{s}, Generator: batches.Histories(false), Codec: historyCodec,
		Checkers: []checkers.Checker[[]batch.Workload, []lived]{tracelessly{[]batchChecker{
			outcome.New(), conservation.New(), timeout.New(), metrics.New(), attestation.New(), certificate.New(), certificate.Counterexamples(),
		}}},
		Sometimes: []seen{
			after("a commit", func(l lived) bool { return l.Used.Outcome == history.Committed }),
			after("an abort", func(l lived) bool { return l.Used.Outcome == history.Aborted }),
			after("a timeout", func(l lived) bool { return l.Used.Outcome == history.TimedOut }),
			after("a cancellation", func(l lived) bool { return l.Used.Outcome == history.Cancelled }),
			some("attestations of another batch", func(_ []batch.Workload, i int, ls []lived) bool {
				u := ls[i].Used.Unattested
				return i > 0 && u != nil && u.Problem == batch.BadSignature
			}),
			long.DrawnBy(batches.Histories(true)),
		},
		Cause: causeInHistory,
		Size:  func(ws []batch.Workload) int { return len(ws) },
		Large: func([]batch.Workload) bool { return true },
	}
}
