package batchtest

import (
	"slices"
	"sync/atomic"

	"synchrony/models/block"
)

// What blocks consist of, and what executors say of them.
type (
	// Block is a workload: what a run of an executor depends on, but for the schedule.
	Block = block.Block
	// State is what keys have; a key that is not there has nothing.
	State = block.State
	// Key names what a transaction reads or writes: "a", "b", … or, with the option [Stores], the number of its store, a slash and that. Keys are ordered
	// as strings are.
	Key = block.Key
	// Value is what a key has.
	Value = block.Value
	// Access is a read or a write.
	Access = block.Access
	// Failure is the error of a transaction that fails as it is meant to.
	Failure = block.Failure
	// Panic is what a transaction panics with that is meant to.
	Panic = block.Panicked
)

// Initially is the writer of what was there before the block.
const Initially = block.Initially

// StoreOf is the number of a key's store: 0 unless the option [Stores] asks for several.
func StoreOf(k Key) int { return block.StoreOf(k) }

// Tx is a transaction of a block, as an executor gets it: a function of the state. It depends on what it reads, and on nothing else.
type Tx struct {
	// Index is the transaction's place in the block, from 0: the block is to have the effect of its transactions one after another in
	// this order.
	Index int

	body   *block.Transaction
	keys   []Key // of the block
	reads  []Key
	writes []Key
	log    *recorder     // of the run; nil if nothing is recorded
	calls  *atomic.Int32 // how often it was executed; nil if nobody counts
}

// Name is how the transaction is called in reports.
func (tx Tx) Name() string { return tx.body.Name }

// Apply executes the transaction: it reads by get, which says whether the key is there, and writes by set and del. What get says must be
// what the transactions before it have left, and what this one has itself set and deleted. An error, or a panic with a [*Panic], says that the transaction
// failed: what it has written must be discarded.
//
// A transaction that the executor executed too early may be executed again: Apply keeps nothing, may be called any number of times, and by several
// goroutines at once.
//
// With the option [Ranges], call [Tx.ApplyRanges] instead.
func (tx Tx) Apply(get func(Key) (Value, bool), set func(Key, Value), del func(Key)) error {
	return tx.ApplyRanges(get, set, del, func(Key, Key, func(Key, Value) bool) {
		panic("batchtest: with the option Ranges, a transaction is to be executed by ApplyRanges")
	})
}

// ApplyRanges is Apply for a transaction that may also iterate: scan calls yield with the keys that are there from one on and before another, in ascending
// order, until yield returns false.
func (tx Tx) ApplyRanges(get func(Key) (Value, bool), set func(Key, Value), del func(Key), scan func(from, to Key, yield func(Key, Value) bool)) (err error) {
	v := block.View{Get: get, Set: set, Del: del, Scan: scan}
	run := 0
	if tx.calls != nil {
		run = int(tx.calls.Add(1))
	}
	if tx.log != nil {
		v = tx.log.watch(tx.Index, run, v)
		over := false // a panic passes by
		defer func() { tx.log.end(tx.Index, run, err, over) }()
		err = tx.body.Apply(tx.Index, tx.keys, &v)
		over = true
		return err
	}
	return tx.body.Apply(tx.Index, tx.keys, &v)
}

// Keys are the keys that the transaction may read, and those that it may write, each in ascending order: with the option [Declared] all that it can touch,
// whatever the state is; with [Estimates] a guess, in which some may be missing and others needless; else nothing.
func (tx Tx) Keys() (reads, writes []Key) { return slices.Clone(tx.reads), slices.Clone(tx.writes) }

// transactions are those of a block for a run, which log watches.
func transactions(b *Block, c *config, log *recorder) []Tx {
	keys := b.Keys()
	txs := make([]Tx, b.Len())
	for i := range b.Transactions {
		t := &b.Transactions[i]
		txs[i] = Tx{Index: i, body: t, keys: keys, log: log}
		if log != nil || c.once {
			txs[i].calls = new(atomic.Int32)
		}
		switch {
		case c.estimates && t.Guess != nil:
			txs[i].reads, txs[i].writes = t.Guess.Reads, t.Guess.Writes
		case c.declared, c.estimates:
			txs[i].reads, txs[i].writes = t.Touches(keys)
		}
	}
	return txs
}
