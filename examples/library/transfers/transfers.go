// Package transfers shows how to check an executor of your own, from go test: a batch of
// transfers that workers execute in parallel.
//
// Everything a property needs is in two files. This one is the executor, written as
// production code would be: what is concurrent goes through a runtime, which is nil in
// production. The other is the property. The test file runs it, shows a bug being found,
// and lets Go's fuzzer look for more.
package transfers

import (
	"context"
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Transfer moves an amount from one account to another, if the first has as much.
type Transfer struct {
	From, To int // indices of accounts
	Amount   int // 0 or more
}

// Batch is a workload: what a run depends on, but for the schedule.
type Batch struct {
	Balances  []int
	Transfers []Transfer
}

// Executor executes batches.
type Executor struct {
	Workers int
	// Hasty makes workers look at the balance before they lock the account: the bug that
	// is to be found.
	Hasty bool
}

// Name is how the executor is called in reports.
func (Executor) Name() string { return "transfers" }

// account is a balance and the lock that guards it. It is atomic only so that the hasty
// look is no data race: what is wrong with it is not that.
type account struct {
	lock    sched.Mutex
	balance atomic.Int64
}

// Run executes a batch, and returns the balances after it.
func (e Executor) Run(_ context.Context, rt *sched.Runtime, b Batch) ([]int, error) {
	accounts := make([]account, len(b.Balances))
	for i, n := range b.Balances {
		accounts[i].balance.Store(int64(n))
	}
	var next sched.Int64 // transfer to be executed
	var workers sched.WaitGroup
	workers.Add(rt, e.Workers)
	for i := range e.Workers {
		rt.Go("worker", i, func() {
			defer workers.Done(rt)
			for {
				k := int(next.Add(rt, 1)) - 1
				if k >= len(b.Transfers) {
					return
				}
				e.transfer(rt, accounts, b.Transfers[k])
			}
		})
	}
	workers.Wait(rt)
	balances := make([]int, len(accounts))
	for i := range accounts {
		balances[i] = int(accounts[i].balance.Load())
	}
	return balances, nil
}

// transfer executes one transfer. It takes the locks in the order of the accounts, so that
// two transfers cannot wait for each other.
func (e Executor) transfer(rt *sched.Runtime, accounts []account, t Transfer) {
	if t.From == t.To {
		return
	}
	// Access to shared state is announced, just before it, so that the scheduler can let
	// another worker go first.
	announce := func(op schedule.Op, account int) {
		rt.Yield(op, schedule.Object{Class: schedule.ClassUser, Index: int32(account)})
	}
	from, to := &accounts[t.From], &accounts[t.To]
	enough := func() bool {
		announce(schedule.OpLoad, t.From)
		return from.balance.Load() >= int64(t.Amount)
	}
	if e.Hasty && !enough() {
		return
	}
	first, second := from, to
	if t.To < t.From {
		first, second = to, from
	}
	first.lock.Lock(rt)
	defer first.lock.Unlock(rt)
	second.lock.Lock(rt)
	defer second.lock.Unlock(rt)
	if !e.Hasty && !enough() {
		return
	}
	announce(schedule.OpRMW, t.From)
	from.balance.Add(-int64(t.Amount))
	announce(schedule.OpRMW, t.To)
	to.balance.Add(int64(t.Amount))
}
