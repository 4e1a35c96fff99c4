package synchrony

import (
	"slices"
	"strconv"
	"testing"

	"synchrony/models/batch"
)

// bigBatch makes n transfers without a Builder: its validation would take most of the
// time. Each has two accounts of its own, or all are on the same two.
func bigBatch(n int, chain bool) *batch.Batch {
	accounts := 2 * n
	if chain {
		accounts = 2
	}
	b := &batch.Batch{Accounts: make([]batch.Account, accounts), Transactions: make([]batch.Transaction, n)}
	for a := range b.Accounts {
		b.Accounts[a].Balance = int64(n)
	}
	in := batch.Transfer()
	sets := make([]batch.AccountID, accounts)
	for a := range sets {
		sets[a] = batch.AccountID(a)
	}
	calls, args := make([]batch.Call, n), make([]batch.Arg, 3*n)
	for i := range n {
		at := 2 * i % accounts
		x := args[3*i : 3*i+3]
		x[0].Account, x[1].Account, x[2].Amount = batch.AccountID(at), batch.AccountID(at+1), 1
		calls[i] = batch.Call{Intent: in, Args: x}
		b.Transactions[i] = batch.Transaction{ID: strconv.Itoa(i), Reads: sets[at : at+2], Writes: sets[at : at+2], Call: &calls[i]}
	}
	return b
}

// TestSizes runs a chain, and independent transactions, of sizes up to a million.
func TestSizes(t *testing.T) {
	for _, n := range []int{1, 2, 15, 16, 17, 50, 10_000, most} {
		for _, chain := range []bool{true, false} {
			b := bigBatch(n, chain)
			want := make([]int64, len(b.Accounts))
			for a := range want {
				want[a] = int64(n) - 1
				if a%2 == 1 {
					want[a] = int64(n) + 1
				}
			}
			if chain {
				want[0], want[1] = 0, 2*int64(n)
			}
			s := NewStore(b.Accounts)
			res, err := Execute(t.Context(), nil, s, b, Options{Workers: 4, Mode: batch.Parallel})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.Snapshot(nil), want) || res.Executed != n {
				t.Errorf("%d transactions, chain %v: wrong balances, %d executed", n, chain, res.Executed)
			}
			wantLevels, wantParallel := 1, n
			if chain {
				wantLevels, wantParallel = n, 0
			}
			if n > 1 && (res.Levels != wantLevels || res.Parallel != wantParallel) {
				t.Errorf("%d transactions, chain %v: %d levels, %d in parallel", n, chain, res.Levels, res.Parallel)
			}
		}
	}
}
