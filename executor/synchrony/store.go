package synchrony

import (
	"slices"
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
)

// Store is a set of accounts with their published balances. Batches execute on it
// one at a time, and change all of their balances in one step. It may be used by
// many goroutines.
type Store struct {
	names     []batch.Account // never written; balances here are the initial ones
	published atomic.Pointer[vector]

	// mu guards busy: one batch executes at a time.
	mu   sched.Mutex
	free sched.Cond
	busy bool

	spare atomic.Pointer[scratch]
}

// vector is an immutable version of all balances.
type vector struct {
	version  int64
	balances []int64
}

// NewStore makes a store of the accounts with their balances. Its version is 0.
func NewStore(accounts []batch.Account) *Store {
	s := &Store{names: accounts}
	s.free.L = &s.mu
	balances := make([]int64, len(accounts))
	for i, a := range accounts {
		balances[i] = a.Balance
	}
	s.published.Store(&vector{balances: balances})
	return s
}

// Version is how many batches have been committed.
func (s *Store) Version(rt *sched.Runtime) int64 { return s.load(rt).version }

// Balance is an account's published balance; 0 if there is no such account. Two
// calls may see two versions; Snapshot sees one.
func (s *Store) Balance(rt *sched.Runtime, id batch.AccountID) int64 {
	v := s.load(rt)
	if id < 0 || int(id) >= len(v.balances) {
		return 0
	}
	return v.balance(rt, id)
}

// Snapshot is a copy of all balances as of one version, by AccountID.
func (s *Store) Snapshot(rt *sched.Runtime) []int64 {
	v := s.load(rt)
	out := make([]int64, len(v.balances))
	for a := range out {
		out[a] = v.balance(rt, batch.AccountID(a))
	}
	return out
}

func (s *Store) load(rt *sched.Runtime) *vector {
	rt.Yield(schedule.OpLoad, commitObject)
	return s.published.Load()
}

func (v *vector) balance(rt *sched.Runtime, a batch.AccountID) int64 {
	rt.Yield(schedule.OpLoad, storeObject(a))
	return v.balances[a]
}

// publish makes the cells' values the balances, in one step.
//
// The new vector is private until the swap. Its stores are announced nonetheless,
// one by one: if it were not private, that is where an observer would see half a
// batch.
func (s *Store) publish(rt *sched.Runtime, cells []cell, decide func() bool) bool {
	old := s.load(rt)
	balances := make([]int64, len(cells))
	for a := range balances {
		c := &cells[a]
		if c.version != history.InitialVersion {
			rt.Yield(schedule.OpStore, storeObject(batch.AccountID(a)))
		}
		balances[a] = c.value
	}
	next := &vector{version: old.version + 1, balances: balances}
	if !decide() {
		return false
	}
	rt.Yield(schedule.OpStore, commitObject)
	s.published.Store(next)
	return true
}

// acquire waits until no other batch executes on s, or the batch that asks has
// been decided: then it is false.
func (s *Store) acquire(rt *sched.Runtime, c *control) bool {
	s.mu.Lock(rt)
	defer s.mu.Unlock(rt)
	for s.busy {
		if p, _ := c.load(rt); p != running {
			return false
		}
		s.free.Wait(rt)
	}
	s.busy = true
	return true
}

// release lets the next batch in.
func (s *Store) release(rt *sched.Runtime) {
	s.mu.Lock(rt)
	s.busy = false
	s.free.Signal(rt)
	s.mu.Unlock(rt)
}

// rouse makes batches that wait in acquire look at their control again.
func (s *Store) rouse(rt *sched.Runtime) {
	s.mu.Lock(rt)
	s.free.Broadcast(rt)
	s.mu.Unlock(rt)
}

// fits reports whether a batch is about this store's accounts.
func (s *Store) fits(b *batch.Batch) bool {
	if len(b.Accounts) != len(s.names) {
		return false
	}
	if len(b.Accounts) == 0 || &b.Accounts[0] == &s.names[0] {
		return true
	}
	return slices.EqualFunc(b.Accounts, s.names, func(x, y batch.Account) bool { return x.Name == y.Name })
}
