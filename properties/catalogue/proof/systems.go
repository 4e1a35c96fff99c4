package proof

import (
	"context"
	"slices"

	"synchrony/executor/sched"
	"synchrony/models/batch"
)

// ordering is a batch, its plan, and an order of the transactions that the plan
// allows: a permutation of their indices in which no edge points back.
type ordering struct {
	Batch *batch.Batch
	Plan  []edge
	Order []int
}

// edge says that one transaction, by its index, must come before another.
type edge struct{ From, To int }

// ends is how a batch ends in serial order, and in the other one. Numbers of
// transactions in Other are positions in the order.
type ends struct{ Serial, Other batch.Outcome }

// bothOrders is the sequential specification, asked for two orders.
type bothOrders struct{}

func (bothOrders) Name() string { return "the sequential specification, in two orders" }

func (bothOrders) Run(_ context.Context, _ *sched.Runtime, w ordering) (ends, error) {
	return ends{batch.RunSerially(w.Batch), batch.RunSerially(reordered(w))}, nil
}

// reordered is the batch as if it had been submitted in the other order. Its after
// clauses have done their part: they are in the plan.
func reordered(w ordering) *batch.Batch {
	b := *w.Batch
	b.Transactions = make([]batch.Transaction, len(w.Order))
	for k, i := range w.Order {
		b.Transactions[k] = w.Batch.Transactions[i]
		b.Transactions[k].After = nil
	}
	return &b
}

// serial reports whether the order is the one of submission.
func serial(w ordering) bool { return slices.IsSorted(w.Order) }

// serially is the sequential specification.
type serially struct{}

func (serially) Name() string { return "the sequential specification" }

func (serially) Run(_ context.Context, _ *sched.Runtime, b *batch.Batch) (batch.Outcome, error) {
	return batch.RunSerially(b), nil
}
