package proof

import (
	"fmt"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/batch"
)

// explainOrders tells how both orders end.
func explainOrders(w ordering, e ends, _ *sched.Record) []string {
	var names []string
	for _, i := range w.Order {
		names = append(names, w.Batch.Transactions[i].ID)
	}
	return []string{
		before(w.Batch),
		"In serial order: " + ended(w.Batch, e.Serial) + ".",
		fmt.Sprintf("In the order %s: %s.", strings.Join(names, ", "), ended(w.Batch, e.Other)),
	}
}

func before(b *batch.Batch) string { return "Before: " + balances(b, b.Balances()) + "." }

// ended says how an execution ended.
func ended(b *batch.Batch, o batch.Outcome) string {
	if o.Failure != nil {
		return fmt.Sprintf("aborted, %v", o.Failure)
	}
	return balances(b, o.Balances)
}

func balances(b *batch.Batch, values []int64) string {
	var words []string
	for i, v := range values {
		words = append(words, fmt.Sprintf("%s %d", b.Accounts[i].Name, v))
	}
	if words == nil {
		return "no accounts"
	}
	return strings.Join(words, ", ")
}
