// Package block provides blocks of transactions on a state of keys with integer values, their text and JSON forms, the sequential specification of
// executing one, and records of blocks that were executed elsewhere. It is what executors of blocks are held against, in whatever language they are.
package block

import (
	"fmt"
	"slices"

	"synchrony/models/text"
)

// Block is a workload: what executing it depends on, but for the schedule. It is to have the effect of its transactions one after another, in
// their order.
type Block struct {
	Workers      int           `json:"workers"` // how many are to execute it at once, at least 1
	Initial      State         `json:"initial"` // what is there at first
	Transactions []Transaction `json:"transactions"`
}

// Transaction is a list of operations, all of which take effect, or none.
type Transaction struct {
	Name       string      `json:"name"` // t1, t2, …: it keeps its name while others are left out
	Operations []Operation `json:"operations"`
	Guess      *Guess      `json:"guess,omitempty"` // of the keys that it touches, which may be wrong; nil for the truth
}

// Guess is an estimate of the keys that a transaction reads and writes, each ascending.
type Guess struct {
	Reads  []Key `json:"reads"`
	Writes []Key `json:"writes"`
}

// Bounds of a block.
const (
	MaxTransactions = 1000
	MaxWorkers      = 1000
	MaxAmount       = 1 << 40 // of a value and an amount, either way
	maxOperations   = 1000    // of a transaction
)

// Len is the number of transactions.
func (b *Block) Len() int { return len(b.Transactions) }

// Keys are all keys that the block names, ascending.
func (b *Block) Keys() []Key {
	var all []Key
	for k := range b.Initial {
		all = append(all, k)
	}
	for i := range b.Transactions {
		for k := range b.Transactions[i].Operations {
			all = append(all, b.Transactions[i].Operations[k].Used()...)
		}
	}
	return Set(all)
}

// Set sorts keys, and leaves each once.
func Set(keys []Key) []Key {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Clone is a copy of b that shares nothing with it that is changed in place.
func (b *Block) Clone() Block {
	c := Block{Workers: b.Workers, Initial: b.Initial.Clone(), Transactions: slices.Clone(b.Transactions)}
	for i := range c.Transactions {
		c.Transactions[i].Operations = slices.Clone(c.Transactions[i].Operations)
	}
	return c
}

// Name is that of a transaction, by its index.
func (b *Block) Name(tx int) string { return b.Transactions[tx].Name }

// Index is that of the transaction of a name; -1 if there is none.
func (b *Block) Index(name string) int {
	return slices.IndexFunc(b.Transactions, func(t Transaction) bool { return t.Name == name })
}

// Apply executes the transaction, which is the tx-th, on what v shows. keys are those of its block. It panics with a [*Panicked] where it is meant to.
func (t *Transaction) Apply(tx int, keys []Key, v *View) error {
	for i := range t.Operations {
		if err := t.Operations[i].do(tx, keys, v); err != nil {
			return err
		}
	}
	return nil
}

// Touches are all keys that the transaction can read, and all that it can write, of those of its block.
func (t *Transaction) Touches(all []Key) (reads, writes []Key) {
	for i := range t.Operations {
		reads, writes = append(reads, t.Operations[i].reads(all)...), append(writes, t.Operations[i].writes(all)...)
	}
	return Set(reads), Set(writes)
}

// Validate says what no block can be. The error is a [*text.MalformedError].
func (b *Block) Validate() error {
	bad := func(where, format string, args ...any) error {
		return &text.MalformedError{Where: where, Reason: fmt.Sprintf(format, args...)}
	}
	switch {
	case b.Workers < 1 || b.Workers > MaxWorkers:
		return bad("workers", "%d, which is not from 1 to %d", b.Workers, MaxWorkers)
	case len(b.Transactions) > MaxTransactions:
		return bad("transactions", "%d, which is more than %d", len(b.Transactions), MaxTransactions)
	}
	for k, v := range b.Initial.Sorted() {
		if _, err := parseKey(k); err != nil {
			return bad("initial", "%v", err)
		}
		if !modest(v) {
			return bad("initial."+k, "%d is out of range", v)
		}
	}
	names := map[string]bool{}
	for i := range b.Transactions {
		t := &b.Transactions[i]
		if what := t.wrong(); what != "" {
			return bad(fmt.Sprintf("transactions[%d]", i), "%s", what)
		}
		if names[t.Name] {
			return bad(fmt.Sprintf("transactions[%d]", i), "there are two of the name %q", t.Name)
		}
		names[t.Name] = true
	}
	return nil
}

func modest(n Value) bool { return -MaxAmount <= n && n <= MaxAmount }

// wrong says what is wrong with a transaction.
func (t *Transaction) wrong() string {
	if !nameForm.MatchString(t.Name) {
		return fmt.Sprintf("%q is no name of a transaction, such as t1", t.Name)
	}
	if len(t.Operations) > maxOperations {
		return fmt.Sprintf("it has more than %d operations", maxOperations)
	}
	var keys []Key
	for k := range t.Operations {
		o := &t.Operations[k]
		if o.Kind.Form().Word == "" {
			return fmt.Sprintf("operation %d is of no kind", k)
		}
		if !modest(o.Amount) {
			return fmt.Sprintf("operation %d: an amount of %d is out of range", k, o.Amount)
		}
		keys = append(keys, o.Used()...)
	}
	if g := t.Guess; g != nil {
		keys = slices.Concat(keys, g.Reads, g.Writes)
	}
	for _, k := range keys {
		if _, err := parseKey(k); err != nil {
			return err.Error()
		}
	}
	return ""
}
