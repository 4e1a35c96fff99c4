package batch

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// variant is one way to execute a workload: what to run, one after another, each
// on the accounts that the one before left.
type variant struct {
	name      string
	workloads []batch.Workload
}

// execution is what one variant showed: an observation for each workload, in
// order.
type execution struct {
	Name         string
	Observations []trace.Observation
}

// Execution is what one variant showed, for reports.
type Execution = execution

// last is the observation of the variant's last workload.
func (e execution) last() trace.Observation { return e.Observations[len(e.Observations)-1] }

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
		obs, err := r.sequence(ctx, rt, v.workloads)
		if err != nil {
			return nil, err
		}
		out = append(out, execution{v.name, obs})
	}
	return out, nil
}

// sequencer is a system that can execute batches one after another on the same
// accounts, where what one leaves behind could harm the next.
type sequencer interface {
	RunSequence(ctx context.Context, rt *sched.Runtime, ws []batch.Workload) ([]trace.Observation, error)
}

// sequence executes workloads one after another, each on the balances that the one
// before left.
func (r related) sequence(ctx context.Context, rt *sched.Runtime, ws []batch.Workload) ([]trace.Observation, error) {
	if s, ok := r.base.(sequencer); ok && len(ws) > 1 {
		return s.RunSequence(ctx, rt, ws)
	}
	var obs []trace.Observation
	for i, w := range ws {
		if i > 0 {
			w.Batch = withBalances(w.Batch, obs[i-1].Final)
		}
		o, err := r.base.Run(ctx, rt, w)
		if err != nil {
			return nil, err
		}
		obs = append(obs, o)
	}
	return obs, nil
}

func withBalances(b *batch.Batch, balances []int64) *batch.Batch {
	c := *b
	c.Accounts = make([]batch.Account, len(balances))
	for i, v := range balances {
		c.Accounts[i] = batch.Account{Name: b.Accounts[i].Name, Balance: v}
	}
	return &c
}

// repeated runs the workload twice: on accounts of its own, and on accounts on which
// the same batch has just been aborted (S14).
func repeated(w batch.Workload) ([]variant, error) {
	again := variant{"a run after an aborted one", []batch.Workload{w}}
	if n := len(w.Batch.Transactions); n > 0 {
		aborted := w
		aborted.Setup.Panics = append(slices.Clone(w.Setup.Panics), w.Batch.Transactions[n-1].ID)
		again.workloads = []batch.Workload{aborted, w}
	}
	return []variant{{"a first run", []batch.Workload{w}}, again}, nil
}

// pooled runs the workload on one worker, in serial mode, and on as many workers as it says (S21).
func pooled(w batch.Workload) ([]variant, error) {
	one, serial := w, w
	one.Setup.Workers = 1
	serial.Setup.Mode = batch.Serial
	return []variant{
		{"1 worker", []batch.Workload{one}},
		{"serial mode", []batch.Workload{serial}},
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
	x, y := a.last(), b.last()
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
	last := singles.Observations[0]
	for _, o := range singles.Observations {
		if last = o; o.Outcome != history.Committed {
			break
		}
	}
	if x.Outcome != last.Outcome {
		return fmt.Sprintf("outcome: %v and %v", x.Outcome, last.Outcome)
	}
	if x.Outcome == history.Committed {
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
	if o.Outcome != history.Committed {
		return fmt.Sprintf("outcome: an empty batch ended as %v", o.Outcome)
	}
	return ""
}
