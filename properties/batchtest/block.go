package batchtest

import (
	"slices"
	"sync/atomic"
)

// Block is a workload: what a run of an executor depends on, but for the schedule.
type Block struct {
	workers int
	initial State
	bodies  []body
}

// body is a transaction as it is drawn.
type body struct {
	name string // t1, t2, …: it keeps its name while others are left out
	ops  []op
	hint *hint // what [Tx.Keys] says if that is an estimate; nil for the truth
}

// hint is an estimate of the keys that a transaction reads and writes, which may be wrong.
type hint struct{ reads, writes []Key }

// Len is the number of transactions.
func (b *Block) Len() int { return len(b.bodies) }

// keys are all keys that the block names, ascending.
func (b *Block) keys() []Key {
	var all []Key
	for k := range b.initial.Sorted() {
		all = append(all, k)
	}
	for i := range b.bodies {
		for k := range b.bodies[i].ops {
			all = append(all, b.bodies[i].ops[k].used()...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// clone is a copy of b that shares nothing with it that is changed in place.
func (b *Block) clone() Block {
	c := Block{workers: b.workers, initial: b.initial.Clone(), bodies: slices.Clone(b.bodies)}
	for i := range c.bodies {
		c.bodies[i].ops = slices.Clone(c.bodies[i].ops)
	}
	return c
}

// Tx is a transaction of a block, as an executor gets it: a function of the state. It depends on what it reads, and on nothing else.
type Tx struct {
	// Index is the transaction's place in the block, from 0: the block is to have the effect of its transactions one after another in
	// this order.
	Index int

	body   *body
	keys   []Key // of the block
	reads  []Key
	writes []Key
	log    *recorder     // of the run; nil if nothing is recorded
	calls  *atomic.Int32 // how often it was executed; nil if nobody counts
}

// Name is how the transaction is called in reports.
func (tx Tx) Name() string { return tx.body.name }

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
	v := view{get, set, del, scan}
	run := 0
	if tx.calls != nil {
		run = int(tx.calls.Add(1))
	}
	if tx.log != nil {
		v = tx.log.watch(tx.Index, run, v)
		over := false // a panic passes by
		defer func() { tx.log.end(tx.Index, run, err, over) }()
		err = tx.body.apply(tx.Index, tx.keys, &v)
		over = true
		return err
	}
	return tx.body.apply(tx.Index, tx.keys, &v)
}

func (b *body) apply(index int, keys []Key, v *view) error {
	for i := range b.ops {
		if err := b.ops[i].do(index, keys, v); err != nil {
			return err
		}
	}
	return nil
}

// Keys are the keys that the transaction may read, and those that it may write, each in ascending order: with the option [Declared] all that it can touch,
// whatever the state is; with [Estimates] a guess, in which some may be missing and others needless; else nothing.
func (tx Tx) Keys() (reads, writes []Key) { return slices.Clone(tx.reads), slices.Clone(tx.writes) }

// transactions are those of a block for a run, which log watches.
func (b *Block) transactions(c *config, log *recorder) []Tx {
	keys := b.keys()
	txs := make([]Tx, len(b.bodies))
	for i := range b.bodies {
		t := &b.bodies[i]
		txs[i] = Tx{Index: i, body: t, keys: keys, log: log}
		if log != nil || c.once {
			txs[i].calls = new(atomic.Int32)
		}
		switch {
		case c.declared:
			txs[i].reads, txs[i].writes = t.touches(keys)
		case c.estimates && t.hint != nil:
			txs[i].reads, txs[i].writes = t.hint.reads, t.hint.writes
		case c.estimates:
			txs[i].reads, txs[i].writes = t.touches(keys)
		}
	}
	return txs
}

// touches are all keys that the transaction can read, and all that it can write.
func (b *body) touches(all []Key) (reads, writes []Key) {
	for i := range b.ops {
		reads, writes = append(reads, b.ops[i].reads(all)...), append(writes, b.ops[i].writes(all)...)
	}
	return set(reads), set(writes)
}

// set are the different ones of some keys, ascending.
func set(keys []Key) []Key {
	slices.Sort(keys)
	return slices.Compact(keys)
}
