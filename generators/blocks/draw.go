package blocks

import (
	"fmt"

	"synchrony/generators/choice"
	"synchrony/models/block"
)

// shape is what the transactions of a block have in common.
type shape struct {
	name    string
	keys    choice.Length    // how many keys there are
	ops     choice.Length    // of a transaction
	weights [block.Kinds]int // of the kinds of operations; those that the options do not allow count for nothing
}

// shapes are drawn with equal probability. Few keys make conflicts, and many make transactions that do not meet.
var shapes = []shape{
	{"transfers", choice.Length{Min: 2, Max: 6}, choice.Length{Min: 1, Max: 1}, [block.Kinds]int{block.Move: 8, block.Transfer: 4, block.Read: 1, block.Require: 1}},
	{"hot counters", choice.Length{Min: 1, Max: 2}, choice.Length{Min: 1, Max: 2}, [block.Kinds]int{block.Add: 5, block.Mix: 3, block.Read: 1}},
	{"chains", choice.Length{Min: 3, Max: 8}, choice.Length{Min: 1, Max: 2}, [block.Kinds]int{block.Copy: 5, block.Mix: 2, block.Write: 1, block.Sum: 1}},
	{"what they read decides", choice.Length{Min: 2, Max: 6}, choice.Length{Min: 1, Max: 3}, [block.Kinds]int{block.Branch: 4, block.Follow: 4, block.Mix: 2, block.Sum: 1, block.Require: 1}},
	{"come and go", choice.Length{Min: 2, Max: 5}, choice.Length{Min: 1, Max: 3}, [block.Kinds]int{block.Delete: 4, block.Write: 3, block.Copy: 3, block.Sum: 2, block.Add: 1}},
	{"a bit of all", choice.Length{Min: 1, Max: 8}, choice.Length{Min: 1, Max: 4}, [block.Kinds]int{
		block.Read: 2, block.Write: 2, block.Add: 2, block.Mix: 2, block.Copy: 2, block.Delete: 1, block.Move: 2, block.Branch: 2, block.Follow: 2, block.Sum: 2,
		block.Require: 1, block.Transfer: 1,
	}},
}

// simple are those of simple blocks.
var simple = []shape{
	{"transfers", choice.Length{Min: 2, Max: 4}, choice.Length{Min: 1, Max: 1}, [block.Kinds]int{block.Transfer: 8, block.Read: 1, block.Add: 1}},
	{"hot counters", choice.Length{Min: 1, Max: 2}, choice.Length{Min: 1, Max: 2}, [block.Kinds]int{block.Add: 5, block.Write: 1, block.Read: 1}},
	{"a bit of all", choice.Length{Min: 2, Max: 4}, choice.Length{Min: 1, Max: 3}, [block.Kinds]int{block.Read: 2, block.Write: 2, block.Add: 2, block.Transfer: 2}},
}

// How often, in percent, something is drawn.
const (
	failing    = 12 // a transaction fails for certain, where transactions fail
	panicking  = 40 // of these, by a panic, where they panic
	misguessed = 35 // an estimate is wrong
	keyThere   = 80 // a key is there initially
)

// Profile says what is drawn.
type Profile struct {
	MaxTransactions int // all sizes up to it are equally frequent
	Workers         choice.Length
	Stores          int  // over which the keys are spread, at least 1
	Ranges          bool // transactions may iterate
	Failures        bool // some transactions fail
	Panics          bool // some of these by a panic
	Guesses         bool // of the keys that transactions touch, often wrong
	// Simple has nothing but reads, writes, additions and transfers, on keys that are all there at first: what an executor in any language does in a few lines.
	Simple bool
}

// Draw draws a block. Zero bits give the smallest, and fewer of them less.
func Draw(from choice.Source, p *Profile) block.Block {
	return DrawSized(from, p, choice.Length{Max: p.MaxTransactions})
}

// DrawSized draws a block of so many transactions.
func DrawSized(from choice.Source, p *Profile, size choice.Length) block.Block {
	all := shapes
	if p.Simple {
		all = simple
	}
	s := &all[choice.Below(from, len(all))]
	b := block.Block{
		Workers: p.Workers.Min + choice.Below(from, p.Workers.Max-p.Workers.Min+1), Initial: block.State{}, Transactions: []block.Transaction{},
	}
	keys := drawKeys(from, s, p, &b)
	for more := true; more && b.Len() < p.MaxTransactions; {
		from.Group(func(from choice.Source) {
			if more = size.More(from, b.Len()); more {
				b.Transactions = append(b.Transactions, drawTransaction(from, s, p, keys, b.Len()))
			}
		})
	}
	if p.Guesses {
		guess(from, &b, keys)
	}
	return b
}

// drawKeys draws what there is initially, and names the keys.
func drawKeys(from choice.Source, s *shape, p *Profile, b *block.Block) (keys []block.Key) {
	for more := true; more && len(keys) < s.keys.Max; {
		from.Group(func(from choice.Source) {
			if more = len(keys) == 0 || s.keys.More(from, len(keys)); !more {
				return
			}
			k := block.Key(rune('a' + len(keys)))
			if p.Stores > 1 {
				k = fmt.Sprintf("%d/%s", choice.Below(from, p.Stores), k)
			}
			keys = append(keys, k)
			if value := choice.Below(from, 20); choice.Chance(from, keyThere) || p.Simple {
				b.Initial[k] = block.Value(value)
			}
		})
	}
	return keys
}

func drawTransaction(from choice.Source, s *shape, p *Profile, keys []block.Key, i int) block.Transaction {
	t := block.Transaction{Name: fmt.Sprintf("t%d", i+1), Operations: []block.Operation{}}
	weights := s.weights
	if !p.Ranges {
		weights[block.Sum] = 0
	}
	if !p.Failures {
		weights[block.Require], weights[block.Transfer] = 0, 0
	}
	for more := true; more && len(t.Operations) < s.ops.Max; {
		from.Group(func(from choice.Source) {
			if more = len(t.Operations) == 0 || s.ops.More(from, len(t.Operations)); more {
				t.Operations = append(t.Operations, drawOperation(from, weights, keys, i, len(t.Operations)))
			}
		})
	}
	if p.Failures && !p.Simple && choice.Chance(from, failing) {
		o := block.Operation{Kind: block.Fail}
		if p.Panics && choice.Chance(from, panicking) {
			o.Kind = block.Panic
		}
		t.Operations = append(t.Operations, o)
	}
	return t
}

// drawOperation draws an operation of the i-th transaction. What it writes is written by no other, so that who reads it names who wrote it.
func drawOperation(from choice.Source, weights [block.Kinds]int, keys []block.Key, i, k int) block.Operation {
	o := block.Operation{Kind: block.Kind(choice.Pick(from, weights[:]...))}
	for j := range o.Used() {
		o.Keys[j] = keys[choice.Below(from, len(keys))]
	}
	if o.Kind == block.Sum && o.Keys[0] >= o.Keys[1] {
		o.Keys[0], o.Keys[1] = keys[0], "z" // everything, or all of one store
		for _, key := range keys {
			o.Keys[0] = min(o.Keys[0], key)
		}
	}
	switch {
	case o.Kind == block.Write:
		o.Amount = block.Value(100 + 10*i + k)
	case o.Kind.Form().Number:
		o.Amount = block.Value(1 + choice.Below(from, 9))
	}
	return o
}

// guess draws an estimate for each transaction: the truth, or that with a key left out, and one too many.
func guess(from choice.Source, b *block.Block, keys []block.Key) {
	for i := range b.Transactions {
		from.Group(func(from choice.Source) {
			if wrong := choice.Chance(from, misguessed); !wrong {
				return
			}
			t := &b.Transactions[i]
			reads, writes := t.Touches(b.Keys())
			extra := keys[choice.Below(from, len(keys))]
			if n := len(writes); n > 0 && choice.Chance(from, 70) {
				at := choice.Below(from, n)
				writes = append(writes[:at:at], writes[at+1:]...)
			} else {
				writes = append(writes, extra)
			}
			t.Guess = &block.Guess{Reads: block.Set(append(reads, extra)), Writes: block.Set(writes)}
		})
	}
}
