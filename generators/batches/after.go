package batches

import (
	"slices"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// maxBackward bounds the batches whose after clauses may point backward: whether
// one closes a cycle is found by a search.
const maxBackward = 200

// addAfter adds the after clauses: detours and others, none of which closes a cycle, and
// then, if the batch is to end so, ones that do. A transaction that is an intent
// definition has no place for a clause.
func (r *resolver) addAfter(ts []batch.Transaction) {
	backward := r.numbers.detour && r.addDetours(ts) // only then may a clause that points forward close a cycle
	if r.numbers.after {
		for i, s := range r.numbers.slots {
			for _, j := range r.predecessors(i, s, len(ts)) {
				if !ts[i].Call.Inline && ((j < i && !backward) || !waits(ts, j, i)) {
					addClause(&ts[i], ts[j].ID)
					backward = backward || j > i
				}
			}
		}
	}
	if r.numbers.ending == cycles {
		r.addCycle(ts)
	}
}

// addDetours makes transactions that fail, which is every second, wait for the third after
// them, which does not: by then the next has failed. It reports whether any could.
func (r *resolver) addDetours(ts []batch.Transaction) (added bool) {
	for i := 0; i+3 < len(ts) && i < maxBackward; i += 2 {
		if !ts[i].Call.Inline && !waits(ts, i+3, i) {
			addClause(&ts[i], ts[i+3].ID)
			added = true
		}
	}
	return added
}

// predecessors returns the transactions of n that the i-th shall wait for.
func (r *resolver) predecessors(i int, s slot, n int) []int {
	earlier := choice.Scale(s.amount, r.numbers.width, max(i, 1))
	switch choice.Scale(s.after, r.numbers.width, 16) {
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
	if r.numbers.twoCycles && r.addTwoCycles(ts, free, s) {
		return
	}
	for k, i := range free[1:] {
		if prev := free[k]; s.variant%16 == 1 && conflict(&ts[prev], &ts[i]) {
			addClause(&ts[prev], ts[i].ID)
			return
		}
	}
	n := min(len(free), 2+choice.Scale(s.amount, r.numbers.width, 3))
	start := choice.Scale(s.after, r.numbers.width, len(free)-n+1)
	ring := free[start : start+n]
	for k, i := range ring {
		addClause(&ts[i], ts[ring[(k+1)%n]].ID)
	}
}

// addTwoCycles closes two cycles: a quarter of them apart, mostly of two transactions each; the others share an account. It reports whether there are
// such transactions.
func (*resolver) addTwoCycles(ts []batch.Transaction, free []int, s slot) bool {
	n := 2
	if s.amount%16 == 15 {
		n = 3
	}
	return s.variant%8 > 5 && addRings(ts, free, n, int(s.variant%2)) || addSharing(ts)
}

// addRings closes two cycles that have no transaction in common: the first n that can wait for each other, and the last; and lets one of
// the second cycle wait for one of the first, or, if back is 1, the other way round. It reports whether there are as many.
func addRings(ts []batch.Transaction, free []int, n, back int) bool {
	n = min(n, len(free)/2)
	if n < 2 {
		return false
	}
	first, second := free[:n], free[len(free)-n:]
	for _, ring := range [][]int{first, second} {
		for k := range ring {
			addClause(&ts[ring[k]], ts[ring[(k+1)%n]].ID)
		}
	}
	link := []int{second[0], first[1]}
	addClause(&ts[link[back]], ts[link[1-back]].ID)
	return true
}

// maxTwoCycles bounds the transactions among which two cycles that share an account are looked for.
const maxTwoCycles = 16

// addSharing closes a cycle of three steps, and a longer one with an account of the first: h and i wait
// for k, which conflicts with both i and j, and j with h. It reports whether there are such transactions.
func addSharing(ts []batch.Transaction) bool {
	ts = ts[:min(len(ts), maxTwoCycles)]
	for k := range ts {
		for j := range k {
			if !conflict(&ts[j], &ts[k]) {
				continue
			}
			for i := range j {
				if ts[i].Call.Inline || !conflict(&ts[i], &ts[j]) || !conflict(&ts[i], &ts[k]) {
					continue
				}
				for h := range i {
					if !ts[h].Call.Inline && conflict(&ts[h], &ts[j]) && !conflict(&ts[h], &ts[i]) && !conflict(&ts[h], &ts[k]) {
						addClause(&ts[h], ts[k].ID)
						addClause(&ts[i], ts[k].ID)
						return true
					}
				}
			}
		}
	}
	return false
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
