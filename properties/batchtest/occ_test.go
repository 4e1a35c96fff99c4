package batchtest_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"synchrony/properties/batchtest"
)

// occ is an executor that executes transactions optimistically: workers execute them on what is committed, and commit them in order, after executing
// those again that have read what has changed. Each of its faults is one that such executors have had.
type occ struct {
	unvalidated bool // what has changed meanwhile is not looked at
	dirty       bool // what a failed transaction wrote is committed
	blind       bool // deletions are not looked at by validation
	first       bool // a block that fails is left as it was when it failed, and not rolled back
	policy      batchtest.Policy
}

type cell struct {
	value   batchtest.Value
	there   bool
	version int
	writer  int
}

// store is what is committed.
type store struct {
	mu     sync.Mutex
	turn   *sync.Cond
	next   int // transaction to be committed
	cells  map[batchtest.Key]cell
	done   bool
	err    error
	report batchtest.Report
}

func (e occ) run(ctx context.Context, initial batchtest.State, txs []batchtest.Tx) (batchtest.Report, error) {
	s := &store{cells: map[batchtest.Key]cell{}}
	s.turn = sync.NewCond(&s.mu)
	s.report.Errors, s.report.Accesses = make([]error, len(txs)), make([][]batchtest.Access, len(txs))
	for k, v := range initial {
		s.cells[k] = cell{v, true, 1, batchtest.Initially}
	}
	var workers sync.WaitGroup
	jobs := make(chan batchtest.Tx)
	for range batchtest.NumWorkers(ctx) {
		workers.Go(func() {
			for tx := range jobs {
				e.one(s, tx)
			}
		})
	}
	for _, tx := range txs {
		jobs <- tx
	}
	close(jobs)
	workers.Wait()
	s.report.State = batchtest.State{}
	for k, c := range s.cells {
		if c.there {
			s.report.State[k] = c.value
		}
	}
	if s.err != nil && e.policy == batchtest.RollBack && !e.first {
		s.report.State = initial
	}
	return s.report, s.err
}

// attempt is one execution of a transaction.
type attempt struct {
	read     map[batchtest.Key]int // versions
	ranges   []scan
	write    map[batchtest.Key]cell
	accesses []batchtest.Access
	err      error
}

// scan is a range whose keys a transaction has looked at.
type scan struct {
	from, to batchtest.Key
	keys     []batchtest.Key
}

func (e occ) one(s *store, tx batchtest.Tx) {
	a := s.execute(tx)
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.next != tx.Index {
		s.turn.Wait()
	}
	for !e.unvalidated && e.stale(s, a) {
		s.mu.Unlock()
		a = s.execute(tx)
		s.mu.Lock()
	}
	s.next++
	defer s.turn.Broadcast()
	if s.done {
		return
	}
	s.report.Errors[tx.Index], s.report.Accesses[tx.Index] = a.err, a.accesses
	if a.err != nil && e.policy != batchtest.Isolate {
		s.done, s.err = true, a.err
	}
	if a.err != nil && !e.dirty {
		return
	}
	for k, c := range a.write {
		c.version = s.cells[k].version + 1
		s.cells[k] = c
	}
}

func (e occ) stale(s *store, a attempt) bool {
	for k, v := range a.read {
		if c := s.cells[k]; c.version != v && (c.there || !e.blind) {
			return true
		}
	}
	for _, r := range a.ranges {
		for k := range s.cells {
			if r.from <= k && k < r.to && !slices.Contains(r.keys, k) { // nobody had written it yet
				return true
			}
		}
	}
	return false
}

// execute executes a transaction on what is committed.
func (s *store) execute(tx batchtest.Tx) (a attempt) {
	a = attempt{read: map[batchtest.Key]int{}, write: map[batchtest.Key]cell{}}
	get := func(k batchtest.Key) (batchtest.Value, bool) {
		c, own := a.write[k]
		if !own {
			s.mu.Lock()
			c = s.cells[k]
			s.mu.Unlock()
			if c.version == 0 {
				c.writer = batchtest.Initially
			}
			if _, again := a.read[k]; !again { // a later read must see the same, or the transaction is stale
				a.read[k] = c.version
			}
		}
		a.accesses = append(a.accesses, batchtest.Access{Key: k, Value: c.value, Writer: c.writer})
		return c.value, c.there
	}
	put := func(k batchtest.Key, c cell) {
		a.write[k] = c
		a.accesses = append(a.accesses, batchtest.Access{Key: k, Value: c.value, Write: true})
	}
	defer func() {
		if p := recover(); p != nil {
			a.err = errors.New("panicked")
		}
	}()
	a.err = tx.ApplyRanges(get,
		func(k batchtest.Key, v batchtest.Value) { put(k, cell{v, true, 0, tx.Index}) },
		func(k batchtest.Key) { put(k, cell{0, false, 0, tx.Index}) },
		func(from, to batchtest.Key, yield func(batchtest.Key, batchtest.Value) bool) {
			keys := s.keys(a.write, from, to)
			a.ranges = append(a.ranges, scan{from, to, keys})
			for _, k := range keys {
				if v, ok := get(k); ok && !yield(k, v) {
					return
				}
			}
		})
	return a
}

// keys are all keys in a range that anybody has ever written, here or there.
func (s *store) keys(own map[batchtest.Key]cell, from, to batchtest.Key) (list []batchtest.Key) {
	s.mu.Lock()
	all := maps.Clone(s.cells)
	s.mu.Unlock()
	maps.Copy(all, own)
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if from <= k && k < to {
			list = append(list, k)
		}
	}
	return list
}
