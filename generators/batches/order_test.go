package batches

import (
	"slices"
	"testing"

	"synchrony/models/batch"
)

// dependency kinds of a pair, as this test needs them.
const (
	raw = 1 << iota
	war
	waw
)

func kindsOf(a, b *batch.Transaction) int {
	k := 0
	if share(a.Writes, b.Reads) {
		k |= raw
	}
	if share(a.Reads, b.Writes) {
		k |= war
	}
	if share(a.Writes, b.Writes) {
		k |= waw
	}
	return k
}

// An executor that loses one kind of dependency is caught only by a batch whose
// balances, or success, depend on the order of a pair with no other kind. Enough
// of the batches must be like that, for each kind: the conflicts must matter.
func TestBatchesTellTheOrderOfPairs(t *testing.T) {
	const n = 500
	least := map[int]int{raw: n / 6, war: n / 6, waw: n / 20}
	for _, kind := range []int{raw, war, waw} {
		telling := 0
		for _, w := range cases(n, Committing()) {
			if tells(w.Batch, kind) {
				telling++
			}
		}
		t.Logf("kind %03b: %d of %d batches tell a wrong order by their end", kind, telling, n)
		if telling < least[kind] {
			t.Errorf("kind %03b: %d of %d batches tell a wrong order, want %d", kind, telling, n, least[kind])
		}
	}
}

// tells reports whether some pair of exactly that kind may be exchanged, everything
// else in order, so that the batch ends differently.
func tells(b *batch.Batch, kind int) bool {
	ts := b.Transactions
	right, _ := endOf(b, identity(len(ts)))
	for j := range ts {
		for i := range j {
			if kindsOf(&ts[i], &ts[j]) != kind {
				continue
			}
			if order, ok := exchanged(ts, i, j); ok {
				if end, commits := endOf(b, order); !commits || !slices.Equal(end, right) {
					return true
				}
			}
		}
	}
	return false
}

// exchanged returns an order in which only the dependency of j on i is broken: what
// j waits for otherwise, then j, then the rest. There is none if j waits for i in
// another way too.
func exchanged(ts []batch.Transaction, i, j int) ([]int, bool) {
	ahead := []int{j}
	for k := 0; k < len(ahead); k++ {
		for p := range ts {
			waits := slices.Contains(ts[ahead[k]].After, ts[p].ID) || (p < ahead[k] && conflict(&ts[p], &ts[ahead[k]]))
			if waits && !(ahead[k] == j && p == i) && !slices.Contains(ahead, p) {
				ahead = append(ahead, p)
			}
		}
	}
	if slices.Contains(ahead, i) {
		return nil, false
	}
	slices.Sort(ahead)
	order := slices.DeleteFunc(slices.Clone(ahead), func(k int) bool { return k == j })
	order = append(order, j)
	for k := range ts {
		if !slices.Contains(order, k) {
			order = append(order, k)
		}
	}
	return order, true
}

func identity(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// endOf runs the transactions in the order and returns the balances, and whether
// none failed.
func endOf(b *batch.Batch, order []int) ([]int64, bool) {
	balances := b.Balances()
	old := func(a batch.AccountID) int64 { return balances[a] }
	for _, i := range order {
		effects, broken := evaluate(b.Transactions[i].Call, old)
		if broken != nil || !conserves(effects, old) {
			return balances, false
		}
		for _, e := range effects {
			balances[e.account] = e.value
		}
	}
	return balances, true
}
