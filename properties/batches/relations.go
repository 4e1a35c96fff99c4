package batches

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// variant is one way to execute a workload: what to run, one after another, each
// on the accounts that the one before left.
type variant struct {
	name      string
	workloads []batch.Workload
}

// execution is what one variant showed: an observation for each workload that
// was run. It stops at the first that does not commit.
type execution struct {
	Name         string
	Observations []trace.Observation
}

// related runs the variants of a workload, one after another, in one run.
type related struct {
	name     string
	base     executor.System[batch.Workload, trace.Observation]
	variants func(batch.Workload) ([]variant, error)
}

func (r related) Name() string { return r.base.Name() + ": " + r.name }

func (r related) Run(ctx context.Context, rt *sched.Runtime, w batch.Workload) ([]execution, error) {
	vs, err := r.variants(w)
	if err != nil {
		return nil, err
	}
	var out []execution
	for _, v := range vs {
		e := execution{Name: v.name}
		var balances []int64
		for _, w := range v.workloads {
			if balances != nil {
				w.Batch = withBalances(w.Batch, balances)
			}
			o, err := r.base.Run(ctx, rt, w)
			if err != nil {
				return nil, err
			}
			e.Observations = append(e.Observations, o)
			if o.Outcome != trace.Committed {
				break
			}
			balances = o.Final
		}
		out = append(out, e)
	}
	return out, nil
}

func withBalances(b *batch.Batch, balances []int64) *batch.Batch {
	c := *b
	c.Accounts = make([]batch.Account, len(balances))
	for i, v := range balances {
		c.Accounts[i] = batch.Account{Name: b.Accounts[i].Name, Balance: v}
	}
	return &c
}

// repeated runs the workload twice (S14).
func repeated(w batch.Workload) ([]variant, error) {
	return []variant{
		{"first run", []batch.Workload{w}},
		{"second run", []batch.Workload{w}},
	}, nil
}

// pooled runs the workload on one worker and on as many as it says (S21).
func pooled(w batch.Workload) ([]variant, error) {
	one := w
	one.Setup.Workers = 1
	return []variant{
		{"1 worker", []batch.Workload{one}},
		{fmt.Sprintf("%d workers", w.Setup.Workers), []batch.Workload{w}},
	}, nil
}

// oneByOne runs the batch, and then each of its transactions as a batch of one,
// in submission order (S20). Explicit predecessors are what the order is then.
func oneByOne(w batch.Workload) ([]variant, error) {
	singles := variant{name: "one at a time"}
	for i := range w.Batch.Transactions {
		b := *w.Batch
		tx := b.Transactions[i]
		tx.After = nil
		b.Transactions = []batch.Transaction{tx}
		singles.workloads = append(singles.workloads, batch.Workload{Batch: &b, Setup: w.Setup})
	}
	return []variant{{"as a batch", []batch.Workload{w}}, singles}, nil
}

// agree judges whether all variants of a workload showed the same.
type agree struct {
	name string
	same func(w batch.Workload, a, b execution) string // what differs; empty if nothing
}

func (c agree) Name() string { return c.name }

func (c agree) Check(w batch.Workload, es []execution) checkers.Verdict {
	for _, e := range es[1:] {
		if diff := c.same(w, es[0], e); diff != "" {
			return checkers.Failed("results differ",
				fmt.Sprintf("%s and %s of the same batch differ in %s", es[0].Name, e.Name, diff))
		}
	}
	return checkers.Passed()
}

// sameResult compares state, error, conflicts and plan, but no times.
func sameResult(_ batch.Workload, a, b execution) string {
	x, y := a.Observations[0], b.Observations[0]
	for _, f := range []struct {
		what string
		a, b any
	}{
		{"outcome", x.Outcome, y.Outcome},
		{"failure", failureOf(x), failureOf(y)},
		{"error", x.Error, y.Error},
		{"balances", x.Final, y.Final},
		{"cycle", x.Cycle, y.Cycle},
		{"conflicts", x.Conflicts, y.Conflicts},
		{"plan", x.Edges, y.Edges},
		{"groups", x.Groups, y.Groups},
	} {
		if !reflect.DeepEqual(f.a, f.b) {
			return fmt.Sprintf("%s: %v, and %v", f.what, f.a, f.b)
		}
	}
	return ""
}

// failureOf returns a failure without its stack, which names goroutines.
func failureOf(o trace.Observation) batch.Failure {
	if o.Failure == nil {
		return batch.Failure{}
	}
	f := *o.Failure
	f.Stack, f.Err = "", nil
	return f
}

// sameInSequence compares a batch with its transactions run one at a time: both
// commit and leave the same balances, or the same transaction fails in the same
// way.
func sameInSequence(w batch.Workload, whole, singles execution) string {
	x := whole.Observations[0]
	if len(singles.Observations) == 0 {
		return emptyBatch(x)
	}
	last := singles.Observations[len(singles.Observations)-1]
	if x.Outcome != last.Outcome {
		return fmt.Sprintf("outcome: %v and %v", x.Outcome, last.Outcome)
	}
	if x.Outcome == trace.Committed {
		if !slices.Equal(x.Final, last.Final) {
			return fmt.Sprintf("balances: %v, and %v", x.Final, last.Final)
		}
		return ""
	}
	a, b := failureOf(x), failureOf(last)
	a.Tx, b.Tx = 0, 0
	if !reflect.DeepEqual(a, b) {
		return fmt.Sprintf("failure: %v, and %v", &a, &b)
	}
	return ""
}

func emptyBatch(o trace.Observation) string {
	if o.Outcome != trace.Committed {
		return fmt.Sprintf("outcome: an empty batch ended as %v", o.Outcome)
	}
	return ""
}
