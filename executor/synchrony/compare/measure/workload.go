package measure

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Workload is a block of transfers of 1: each reads two accounts, works, and writes both.
type Workload struct {
	Initial   []int64 // balances, by account
	Transfers []Transfer
	Work      func() // what each does between its reads and its writes; never nil
	// Cost is how long Work takes, and Prepared says that it touches no account, so that it may run before the transaction's turn.
	Cost     time.Duration
	Prepared bool
}

// Transfer is the two accounts of a transaction.
type Transfer struct{ From, To int }

// Key is an account's name, for executors that know accounts by bytes.
func Key(account int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(account)) }

// Contention says how many accounts the transfers of a workload choose from, at random; 0 is two of its own for each.
type Contention struct {
	Name     string
	Accounts int
}

// contentions are those of all tables.
var contentions = []Contention{{"zero", 0}, {"low", 10_000}, {"high", 10}}

// balance is what each account begins with: more than all transfers of all rounds can take.
const balance = 1 << 40

// NewWorkload is n transfers that do the given work. It is the same each time.
func NewWorkload(n int, c Contention, cost time.Duration, work func()) *Workload {
	rng := rand.New(rand.NewPCG(1, 2))
	w := &Workload{Initial: make([]int64, max(c.Accounts, 2*n)), Transfers: make([]Transfer, n), Work: work, Cost: cost}
	if c.Accounts > 0 {
		w.Initial = w.Initial[:c.Accounts]
	}
	for a := range w.Initial {
		w.Initial[a] = balance
	}
	for i := range w.Transfers {
		from, to := 2*i, 2*i+1
		if c.Accounts > 0 {
			from = rng.IntN(c.Accounts)
			to = (from + 1 + rng.IntN(c.Accounts-1)) % c.Accounts
		}
		w.Transfers[i] = Transfer{from, to}
	}
	return w
}

// check says whether balances are those after so many executions of the workload.
func (w *Workload) check(balances []int64, executions int) error {
	want := append([]int64(nil), w.Initial...)
	for _, t := range w.Transfers {
		want[t.From] -= int64(executions)
		want[t.To] += int64(executions)
	}
	for a := range want {
		if balances[a] != want[a] {
			return fmt.Errorf("account %d has %d after %d executions, want %d: it does not execute the block as one transaction after another would", a, balances[a], executions, want[a])
		}
	}
	return nil
}

// Nothing is the work of an empty transaction.
func Nothing() {}

// spin burns about a nanosecond of processor time for each unit.
//
//go:noinline
func spin(units int) uint64 {
	x := uint64(units)
	for range units {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}

// spun keeps what spin comes to, so that no compiler can leave it out.
var spun atomic.Uint64

// spinning is work that burns processor time for about d.
func spinning(d time.Duration) func() {
	const units = 1 << 20
	best := time.Duration(1 << 62)
	for range 9 {
		start := time.Now()
		spun.Store(spin(units))
		best = min(best, time.Since(start))
	}
	n := int(int64(units) * int64(d) / int64(best))
	return func() {
		if spin(n) == 0 {
			spun.Add(1)
		}
	}
}
