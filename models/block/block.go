// Package block provides blocks of transactions over integers, what executing one showed, and the sequential specification. All is plain
// data with a JSON form, so that an executor in any language can be given a block, and one that ran anywhere can be recorded.
package block

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/models/text"
)

// Block is a workload: what executing it depends on, but for the schedule. It is to have the effect of its transactions one after another, in
// their order.
type Block struct {
	Workers      int              `json:"workers"` // how many are to execute it at once, at least 1
	Initial      map[string]int64 `json:"initial"` // the keys that are there, with their values
	Transactions []Transaction    `json:"transactions"`
}

// Transaction is a list of operations, all of which take effect, or none.
type Transaction struct {
	Name       string      `json:"name"`
	Operations []Operation `json:"operations"`
}

// Operation is one of these; what an operation does not use is left out.
type Operation struct {
	Op     string `json:"op"`
	Key    string `json:"key,omitempty"`    // of read, write and add; transfer takes from it
	To     string `json:"to,omitempty"`     // of transfer
	Amount int64  `json:"amount,omitempty"` // of add and transfer; what write writes
}

// The operations. A key that is not there reads as 0.
const (
	Read     = "read"     // reads Key
	Write    = "write"    // sets Key to Amount, without reading it
	Add      = "add"      // reads Key, and adds Amount to it
	Transfer = "transfer" // reads Key, and if that is less than Amount fails the transaction; else reads To, and moves Amount from Key to To
)

func (o Operation) String() string {
	switch o.Op {
	case Write:
		return fmt.Sprintf("%s := %d", o.Key, o.Amount)
	case Add:
		return fmt.Sprintf("%s += %d", o.Key, o.Amount)
	case Transfer:
		return fmt.Sprintf("%d from %s to %s", o.Amount, o.Key, o.To)
	}
	return fmt.Sprintf("%s %s", o.Op, o.Key)
}

// Bounds on values, so that no sum of a block's overflows, and on a block.
const (
	MaxAmount       = 1 << 40 // either way
	MaxTransactions = 100_000
	maxOperations   = 10_000 // of a transaction
)

// Validate says what no block can be. The error is a [*text.MalformedError].
func (b *Block) Validate() error {
	bad := func(where, format string, args ...any) error {
		return &text.MalformedError{Where: where, Reason: fmt.Sprintf(format, args...)}
	}
	switch {
	case b.Workers < 1 || b.Workers > 1000:
		return bad("workers", "%d, which is not from 1 to 1000", b.Workers)
	case len(b.Transactions) > MaxTransactions:
		return bad("transactions", "%d, which is more than %d", len(b.Transactions), MaxTransactions)
	}
	for _, k := range b.Keys() {
		if !modest(b.Initial[k]) {
			return bad("initial."+k, "%d is out of range", b.Initial[k])
		}
	}
	seen := map[string]bool{}
	for i := range b.Transactions {
		t := &b.Transactions[i]
		where := fmt.Sprintf("transactions[%d]", i)
		switch {
		case t.Name == "":
			return bad(where, "it has no name")
		case seen[t.Name]:
			return bad(where, "there are two of the name %q", t.Name)
		case len(t.Operations) > maxOperations:
			return bad(where, "it has more than %d operations", maxOperations)
		}
		seen[t.Name] = true
		for k, o := range t.Operations {
			if what := o.wrong(); what != "" {
				return bad(fmt.Sprintf("%s.operations[%d]", where, k), "%s", what)
			}
		}
	}
	return nil
}

func modest(n int64) bool { return -MaxAmount <= n && n <= MaxAmount }

// wrong says what is wrong with an operation.
func (o Operation) wrong() string {
	uses := map[string][2]bool{Read: {}, Write: {false, true}, Add: {false, true}, Transfer: {true, true}}
	use, known := uses[o.Op]
	switch {
	case !known:
		return fmt.Sprintf("there is no operation %q: want read, write, add or transfer", o.Op)
	case o.Key == "":
		return "it names no key"
	case use[0] && (o.To == "" || o.To == o.Key):
		return "a transfer goes from one key to another"
	case !use[0] && o.To != "":
		return fmt.Sprintf("a %s has no \"to\"", o.Op)
	case !use[1] && o.Amount != 0:
		return fmt.Sprintf("a %s has no amount", o.Op)
	case !modest(o.Amount) || o.Op == Transfer && o.Amount < 0:
		return fmt.Sprintf("an amount of %d is out of range", o.Amount)
	}
	return ""
}

// Keys are all keys that the block names, ascending.
func (b *Block) Keys() []string {
	var all []string
	for k := range b.Initial {
		all = append(all, k)
	}
	for i := range b.Transactions {
		for _, o := range b.Transactions[i].Operations {
			all = append(all, o.Key)
			if o.To != "" {
				all = append(all, o.To)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// String tells a block to a person, a line for each transaction.
func (b *Block) String() string {
	var sb strings.Builder
	for _, k := range b.Keys() {
		if n, there := b.Initial[k]; there {
			fmt.Fprintf(&sb, "%s %d; ", k, n)
		}
	}
	fmt.Fprintf(&sb, "%d workers\n", b.Workers)
	for i := range b.Transactions {
		t := &b.Transactions[i]
		words := make([]string, len(t.Operations))
		for k, o := range t.Operations {
			words[k] = o.String()
		}
		fmt.Fprintf(&sb, "%s: %s\n", t.Name, strings.Join(words, "; "))
	}
	return sb.String()
}
