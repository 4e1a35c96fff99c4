package batch

import (
	"fmt"
	"slices"
)

// canonicalOrder is the order in which the specification runs the batch: always
// the transaction submitted first among those that wait for none that has yet to
// run. It ends before the first transaction that is on a cycle or waits for one
// that is. Without after clauses it is the submission order.
func canonicalOrder(w waits) []int {
	n := len(w.batch.Transactions)
	if !slices.ContainsFunc(w.after, func(ids []int) bool { return len(ids) > 0 }) {
		return firstInts(n)
	}
	waiting := make([]int, n) // for how many transactions that have not run
	for j := range n {
		for i := range n {
			if w.on(j, i) {
				waiting[j]++
			}
		}
	}
	var order []int
	for len(order) < n {
		next := slices.Index(waiting, 0)
		if next < 0 {
			break
		}
		order = append(order, next)
		waiting[next] = -1 // has run
		for j := range n {
			if waiting[j] > 0 && w.on(j, next) {
				waiting[j]--
			}
		}
	}
	return order
}

func firstInts(n int) []int {
	ints := make([]int, n)
	for i := range ints {
		ints[i] = i
	}
	return ints
}

// findCycle returns the cycle that the specification names among the transactions
// that an order left out: through the earliest submitted one that is on a cycle, a
// shortest, and of these the one that prefers earlier submitted transactions from
// its beginning on. It is nil if there is none.
func findCycle(w waits, order []int) *CycleError {
	n := len(w.batch.Transactions)
	left := slices.DeleteFunc(firstInts(n), func(i int) bool { return slices.Contains(order, i) })
	for _, start := range left {
		if cycle := shortestCycle(w, left, start); cycle != nil {
			ids := make([]string, len(cycle))
			for i, tx := range cycle {
				ids[i] = w.batch.Transactions[tx].ID
			}
			return &CycleError{Cycle: ids}
		}
	}
	return nil
}

// shortestCycle returns a shortest cycle through start, each element waiting for
// the next, or nil. The breadth-first search visits earlier submitted
// transactions first, so it reaches each by the preferred of its shortest paths.
func shortestCycle(w waits, among []int, start int) []int {
	waiter := map[int]int{} // by whom a transaction was reached
	queue := []int{start}
	for len(queue) > 0 {
		j := queue[0]
		queue = queue[1:]
		if w.on(j, start) {
			var cycle []int
			for ; j != start; j = waiter[j] {
				cycle = append(cycle, j)
			}
			cycle = append(cycle, start)
			slices.Reverse(cycle)
			return cycle
		}
		for _, i := range among {
			if _, reached := waiter[i]; !reached && i != start && w.on(j, i) {
				waiter[i] = j
				queue = append(queue, i)
			}
		}
	}
	return nil
}

// CheckCycle reports why a list of transaction IDs is not a cycle of the batch, in
// which each waits for the next and the last for the first; nil if it is. An
// executor may refuse a batch by any of its cycles, not only the one that
// RunSerially names.
func CheckCycle(b *Batch, cycle []string) error {
	if len(cycle) == 0 {
		return fmt.Errorf("the cycle is empty")
	}
	w := waitsOf(b)
	indexes := make([]int, len(cycle))
	for k, id := range cycle {
		indexes[k] = slices.IndexFunc(b.Transactions, func(t Transaction) bool { return t.ID == id })
		if indexes[k] < 0 {
			return fmt.Errorf("the cycle names %s, which is not a transaction of the batch", quote(id))
		}
		if slices.Contains(cycle[:k], id) {
			return fmt.Errorf("the cycle names %s twice", quote(id))
		}
	}
	for k, j := range indexes {
		next := (k + 1) % len(indexes)
		if !w.on(j, indexes[next]) {
			return fmt.Errorf("in the cycle, %s does not wait for %s", quote(cycle[k]), quote(cycle[next]))
		}
	}
	return nil
}
