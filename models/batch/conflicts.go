package batch

import "slices"

// Conflict is a pair of transactions that share an account which at least one of
// them writes: which accounts, and in which way. A pair may conflict in several
// ways, also on one account. From comes first in submission order, and a
// serial execution in that order runs it first.
type Conflict struct {
	From, To int
	RAW      []AccountID // To reads what From writes; ascending
	WAR      []AccountID // To writes what From reads; ascending
	WAW      []AccountID // both write; ascending
}

// Independent reports whether neither transaction writes what the other reads or
// writes.
func Independent(a, b *Transaction) bool {
	return !overlap(a.Writes, b.Reads) && !overlap(a.Reads, b.Writes) && !overlap(a.Writes, b.Writes)
}

// Conflicts returns every conflicting pair of the batch, by From and then To. It is
// the definition, executed: it compares all pairs, in O(n²) time.
func Conflicts(b *Batch) []Conflict {
	var conflicts []Conflict
	for j := range b.Transactions {
		for i := range j {
			from, to := &b.Transactions[i], &b.Transactions[j]
			if Independent(from, to) {
				continue
			}
			conflicts = append(conflicts, Conflict{
				From: i, To: j,
				RAW: common(from.Writes, to.Reads),
				WAR: common(from.Reads, to.Writes),
				WAW: common(from.Writes, to.Writes),
			})
		}
	}
	slices.SortFunc(conflicts, func(a, b Conflict) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return a.To - b.To
	})
	return conflicts
}

// MaxConflicts is the number of conflicting pairs of the batch, or more: a pair that shares
// several accounts counts once for each. An account that n transactions write makes
// n(n-1)/2 of them. It takes time linear in the sets.
func MaxConflicts(b *Batch) int {
	readers, writers := make([]int, len(b.Accounts)), make([]int, len(b.Accounts))
	for i := range b.Transactions {
		t := &b.Transactions[i]
		for _, a := range t.Reads {
			if _, writes := slices.BinarySearch(t.Writes, a); !writes {
				readers[a]++
			}
		}
		for _, a := range t.Writes {
			writers[a]++
		}
	}
	most := 0
	for a, w := range writers {
		most += w*(w-1)/2 + w*readers[a]
	}
	return most
}

func overlap(a, b []AccountID) bool {
	return slices.ContainsFunc(a, func(x AccountID) bool { return slices.Contains(b, x) })
}

func common(a, b []AccountID) []AccountID {
	var both []AccountID
	for _, x := range a {
		if slices.Contains(b, x) {
			both = append(both, x)
		}
	}
	return both
}

// waits says which transactions wait for which, as the specification has it: j
// waits for i if they conflict and i was submitted first, or if j says "after i".
type waits struct {
	batch *Batch
	after [][]int // by transaction: the indexes that its after clause names
}

func waitsOf(b *Batch) waits {
	index := make(map[string]int, len(b.Transactions))
	for i, t := range b.Transactions {
		index[t.ID] = i
	}
	after := make([][]int, len(b.Transactions))
	for i, t := range b.Transactions {
		for _, id := range t.After {
			after[i] = append(after[i], index[id])
		}
	}
	return waits{b, after}
}

// on reports whether transaction j waits for transaction i, directly.
func (w waits) on(j, i int) bool {
	if slices.Contains(w.after[j], i) {
		return true
	}
	return i < j && !Independent(&w.batch.Transactions[i], &w.batch.Transactions[j])
}
