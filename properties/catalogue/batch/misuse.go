package batch

import (
	"context"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/conservation"
	"synchrony/checkers/outcome"
	"synchrony/executor/sched"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
)

// misuse is what the code of a transaction in Go form does that it must not do.
type misuse byte

const (
	readsUndeclared misuse = iota
	writesUndeclared
	panics
	panicsInPrepare
	misuses // how many there are
)

// misbehaving runs a workload in Go form, in which one transaction misbehaves.
type misbehaving struct{ system }

func (m misbehaving) Name() string { return m.system.Name() + ": code that misbehaves" }

func (m misbehaving) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) (trace.Observation, error) {
	twin, _, err := misbehave(w)
	if err != nil {
		return trace.Observation{}, err
	}
	return m.system.Run(ctx, rt, twin)
}

// misbehave is the workload in Go form, and what one of its transactions does: which of them, and what,
// depends on the batch alone.
func misbehave(w batch.Workload) (batch.Workload, misuse, error) {
	twin, err := batches.GoForm(w)
	if err != nil || len(twin.Batch.Transactions) == 0 {
		return twin, misuses, err
	}
	digest := w.Batch.Digest()
	what := misuse(digest[0]) % misuses
	t := &twin.Batch.Transactions[int(digest[1])%len(twin.Batch.Transactions)]
	outside := batch.AccountID(0)
	for slices.Contains(t.Reads, outside) || slices.Contains(t.Writes, outside) {
		outside++
	}
	if int(outside) == len(w.Batch.Accounts) && what <= writesUndeclared {
		what = panics // everything is declared
	}
	apply := t.Apply
	switch what {
	case readsUndeclared:
		t.Apply = func(v batch.View) error {
			v.Balance(outside)
			return apply(v)
		}
	case writesUndeclared:
		t.Apply = func(v batch.View) error {
			v.SetBalance(outside, 1)
			return apply(v)
		}
	case panics:
		t.Apply = func(batch.View) error { panic("out of order") }
	case panicsInPrepare:
		t.Prepare = func(context.Context) error { panic("out of order") }
	}
	return twin, what, nil
}

// asMisbehaved asks a checker about the workload that was run.
type asMisbehaved struct{ batchChecker }

func (c asMisbehaved) Check(w batch.Workload, o trace.Observation) checkers.Verdict {
	twin, _, err := misbehave(w)
	if err != nil {
		return checkers.Undecided("the workload has no Go form: %v", err)
	}
	return c.batchChecker.Check(twin, o)
}

// misbehaviour is S27.
func misbehaviour(s system) properties.Testable {
	did := func(name string, m misuse) condition {
		return condition{Name: name, Holds: func(w batch.Workload, _ trace.Observation) bool {
			_, what, err := misbehave(w)
			return err == nil && what == m
		}}
	}
	g := without(batches.Committing(), func(o *batches.Options) {
		o.MaxTransactions, o.LargeTransactions, o.Inline, o.Work = 6, 6, 0, 0
	})
	return one(misbehaving{s}, "S27", "code that reaches beyond its declared sets, or panics, fails its transaction, which is named, and nothing else",
		g, []condition{
			did("an undeclared read", readsUndeclared), did("an undeclared write", writesUndeclared),
			did("a panic", panics), did("a panic in a prepare", panicsInPrepare), aborted,
		}, asMisbehaved{outcome.New()}, asMisbehaved{conservation.New()})
}
