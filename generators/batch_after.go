package generators

import (
	"slices"

	"synchrony/models/batch"
)

// maxBackward bounds the batches whose after clauses may point backward: whether
// one closes a cycle is found by a search.
const maxBackward = 200

// addAfter adds the after clauses: none of which closes a cycle, and then, if it
// is the batch's fate, ones that do. A transaction that is an intent definition
// has no place for a clause.
func (r *resolver) addAfter(ts []batch.Transaction) {
	if r.numbers.after {
		backward := false // only then may a clause that points forward close a cycle
		for i, s := range r.numbers.slots {
			for _, j := range r.predecessors(i, s, len(ts)) {
				if !ts[i].Call.Inline && ((j < i && !backward) || !waits(ts, j, i)) {
					addClause(&ts[i], ts[j].ID)
					backward = backward || j > i
				}
			}
		}
	}
	if r.numbers.fate == cycles {
		r.addCycle(ts)
	}
}

// predecessors returns the transactions of n that the i-th shall wait for.
func (r *resolver) predecessors(i int, s slot, n int) []int {
	earlier := scale(s.amount, r.numbers.width, max(i, 1))
	switch scale(s.after, r.numbers.width, 16) {
	case 10, 11: // the previous: a row of them is a chain
		if i > 0 {
			return []int{i - 1}
		}
	case 12, 13:
		if i > 0 {
			return []int{earlier}
		}
	case 14:
		if i > 0 {
			return []int{earlier, i - 1}
		}
	case 15: // a later one, against the submission order
		if i+1 < n && n <= maxBackward {
			return []int{i + 1}
		}
	}
	return nil
}

// addCycle makes two to four neighbours wait for each other in a ring. With two that
// conflict one clause is enough: the first waits for the second. A batch without
// two transactions that can wait stays without a cycle.
func (r *resolver) addCycle(ts []batch.Transaction) {
	free := make([]int, 0, len(ts))
	for i := range ts {
		if !ts[i].Call.Inline {
			free = append(free, i)
		}
	}
	if len(free) < 2 {
		return
	}
	s := r.numbers.slots[free[0]]
	for k, i := range free[1:] {
		if prev := free[k]; s.variant%2 == 1 && conflict(&ts[prev], &ts[i]) {
			addClause(&ts[prev], ts[i].ID)
			return
		}
	}
	n := min(len(free), 2+scale(s.amount, r.numbers.width, 3))
	start := scale(s.after, r.numbers.width, len(free)-n+1)
	ring := free[start : start+n]
	for k, i := range ring {
		addClause(&ts[i], ts[ring[(k+1)%n]].ID)
	}
}

func addClause(t *batch.Transaction, id string) {
	if !slices.Contains(t.After, id) {
		t.After = append(t.After, id)
	}
}

// waits reports whether the transaction from must wait for the transaction to, by
// after clauses and by conflicts, directly or not.
func waits(ts []batch.Transaction, from, to int) bool {
	seen := make([]bool, len(ts))
	todo := []int{from}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if i == to {
			return true
		}
		if seen[i] {
			continue
		}
		seen[i] = true
		for j := range ts {
			if slices.Contains(ts[i].After, ts[j].ID) || (j < i && conflict(&ts[j], &ts[i])) {
				todo = append(todo, j)
			}
		}
	}
	return false
}

// conflict reports whether one writes what the other reads or writes.
func conflict(a, b *batch.Transaction) bool {
	return share(a.Writes, b.Writes) || share(a.Writes, b.Reads) || share(a.Reads, b.Writes)
}

// share reports whether two ascending lists have an element in common.
func share(a, b []batch.AccountID) bool {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}
