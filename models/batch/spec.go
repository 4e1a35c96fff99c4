package batch

import (
	"context"
	"math/big"
	"runtime/debug"
	"slices"
)

// Outcome is what executing a batch must give, whatever the executor, the
// schedule and the number of workers.
type Outcome struct {
	// Cycle, if not nil, says why the batch is refused. Nothing is run.
	Cycle *CycleError
	// Failure, if not nil, says why the batch is aborted: of all transactions that
	// fail, the one submitted first.
	Failure *Failure
	// Balances are the accounts' final balances: the initial ones if the batch is
	// refused or aborted.
	Balances []int64
	// Order lists the transactions that ran, in canonical order: those of a refused
	// batch did not, nor those that wait, directly or not, for one that failed.
	Order []int
	// Effects are what each transaction did, by its index in the batch.
	Effects []Effect
}

// Effect is what one transaction did.
type Effect struct {
	Ran     bool
	Failure *Failure // if it failed
	// Reads are the balances that it saw, one for each account in its read set.
	Reads []Access
	// Writes are the balances that it wrote, in ascending order of account: every
	// account in its write set in text form, those that Apply set in Go form. None
	// if it failed.
	Writes []Access
}

// Access is a read or a write of an account. Writer is the transaction that wrote
// the old balance, or Initial.
type Access struct {
	Account AccountID
	Old     int64 // the balance read or replaced
	New     int64 // the balance written; of a read, 0
	Writer  int
}

// Initial as a Writer means that no transaction has written the account.
const Initial = -1

// RunSerially is the sequential specification: it runs the transactions of a valid
// batch one after another and says what comes of it. Those listed in panics are
// made to panic (see Setup.Panics).
//
// The canonical order is the topological order of the dependencies (conflicts in
// submission order, and after clauses) that always takes the transaction submitted
// first. Each transaction sees the balances that those before it left. One that
// fails changes nothing; those that wait for it, directly or not, do not run; the
// others do, and if any failed, the batch fails with the failure of the one
// submitted first and no balance changes.
//
// In text form a transaction evaluates its guards, then the equations of verify,
// then whether two equations for one account agree, then the other conditions, each
// in the order written, and stops at the first that fails. In Go form it calls Prepare
// and then Apply. In both, the balances that it wrote must then add up to what they
// were, exactly.
//
// Timeouts, cancellation and simulated work have no part in this. It takes
// O(n²) time if there are after clauses or failures.
func RunSerially(b *Batch, panics ...string) Outcome {
	n := len(b.Transactions)
	outcome := Outcome{Balances: b.Balances(), Effects: make([]Effect, n)}
	w := waitsOf(b)
	order := canonicalOrder(w)
	if len(order) < n {
		outcome.Cycle = findCycle(w, order)
		return outcome
	}
	s := state{batch: b, balances: b.Balances(), writers: make([]int, len(b.Accounts))}
	for a := range s.writers {
		s.writers[a] = Initial
	}
	var blocked []int // the transactions that failed, and those that wait for one
	for _, tx := range order {
		if slices.ContainsFunc(blocked, func(i int) bool { return w.on(tx, i) }) {
			blocked = append(blocked, tx)
			continue
		}
		effect := s.run(tx, slices.Contains(panics, b.Transactions[tx].ID))
		outcome.Order = append(outcome.Order, tx)
		outcome.Effects[tx] = effect
		if effect.Failure != nil {
			blocked = append(blocked, tx)
			if outcome.Failure == nil || tx < outcome.Failure.Tx {
				outcome.Failure = effect.Failure
			}
		}
	}
	if outcome.Failure == nil {
		outcome.Balances = s.balances
	}
	return outcome
}

// state is the accounts between two transactions.
type state struct {
	batch    *Batch
	balances []int64
	writers  []int // who wrote each balance
}

// run runs one transaction on the state.
func (s *state) run(tx int, panics bool) Effect {
	t := &s.batch.Transactions[tx]
	effect := Effect{Ran: true}
	for _, a := range t.Reads {
		effect.Reads = append(effect.Reads, Access{Account: a, Old: s.balances[a], Writer: s.writers[a]})
	}
	var written map[AccountID]int64
	switch {
	case panics:
		effect.Failure = s.batch.PanicFailure(tx, InjectedPanic, "")
	case t.Call != nil:
		written, effect.Failure = evaluateCall(s.batch, tx, s.balances)
	default:
		written, effect.Failure = runApply(s.batch, tx, s.balances)
	}
	if effect.Failure == nil {
		effect.Failure = s.checkConservation(tx, written)
	}
	if effect.Failure != nil {
		return effect
	}
	for _, a := range t.Writes {
		if value, ok := written[a]; ok {
			effect.Writes = append(effect.Writes, Access{Account: a, Old: s.balances[a], New: value, Writer: s.writers[a]})
			s.balances[a], s.writers[a] = value, tx
		}
	}
	return effect
}

// checkConservation fails a transaction whose writes change the sum of the
// balances.
func (s *state) checkConservation(tx int, written map[AccountID]int64) *Failure {
	surplus := new(big.Int)
	var changes []Change
	for _, a := range s.batch.Transactions[tx].Writes {
		if value, ok := written[a]; ok {
			surplus.Add(surplus, big.NewInt(value))
			surplus.Sub(surplus, big.NewInt(s.balances[a]))
			changes = append(changes, Change{Account: a, Old: s.balances[a], New: value})
		}
	}
	if surplus.Sign() == 0 {
		return nil
	}
	return s.batch.ConservationFailure(tx, changes)
}

// runApply runs a transaction in Go form and returns what it wrote.
func runApply(b *Batch, tx int, balances []int64) (written map[AccountID]int64, failure *Failure) {
	t := &b.Transactions[tx]
	v := &specView{transaction: t, balances: balances, written: map[AccountID]int64{}}
	panicked, stack, err := protect(func() error {
		if t.Prepare == nil {
			return nil
		}
		return t.Prepare(context.Background())
	})
	if err == nil && stack == "" {
		panicked, stack, err = protect(func() error { return t.Apply(v) })
	}
	switch {
	case v.denied != nil:
		return nil, b.AccessFailure(tx, v.denied.account, v.denied.write)
	case stack != "":
		return nil, b.PanicFailure(tx, panicked, stack)
	case err != nil:
		return nil, b.RejectedFailure(tx, err)
	}
	return v.written, nil
}

// protect calls f. If f panics, it returns the panic's value and the stack, which
// is not empty.
func protect(f func() error) (panicked any, stack string, err error) {
	defer func() {
		if r := recover(); r != nil {
			panicked, stack = r, string(debug.Stack())
		}
	}()
	return nil, "", f()
}

// specView is a View over a map.
type specView struct {
	transaction *Transaction
	balances    []int64
	written     map[AccountID]int64
	denied      *deniedAccess // the first
}

type deniedAccess struct {
	account AccountID
	write   bool
}

func (v *specView) Balance(a AccountID) int64 {
	if !slices.Contains(v.transaction.Reads, a) {
		v.deny(a, false)
		return 0
	}
	if value, ok := v.written[a]; ok {
		return value
	}
	return v.balances[a]
}

func (v *specView) SetBalance(a AccountID, value int64) {
	if !slices.Contains(v.transaction.Writes, a) {
		v.deny(a, true)
		return
	}
	v.written[a] = value
}

func (v *specView) deny(a AccountID, write bool) {
	if v.denied == nil {
		v.denied = &deniedAccess{a, write}
	}
}
