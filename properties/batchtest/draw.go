package batchtest

import (
	"fmt"

	"synchrony/generators/choice"
)

// shape is what the transactions of a block have in common.
type shape struct {
	name    string
	keys    choice.Length // how many keys there are
	ops     choice.Length // of a transaction
	weights [kinds]int    // of the kinds of operations; those that the options do not allow count for nothing
}

// shapes are drawn with equal probability. Few keys make conflicts, and many make transactions that do not meet.
var shapes = []shape{
	{"transfers", choice.Length{Min: 2, Max: 6}, choice.Length{Min: 1, Max: 1}, [kinds]int{opMove: 8, opRead: 1, opRequire: 1}},
	{"hot counters", choice.Length{Min: 1, Max: 2}, choice.Length{Min: 1, Max: 2}, [kinds]int{opAdd: 5, opMix: 3, opRead: 1}},
	{"chains", choice.Length{Min: 3, Max: 8}, choice.Length{Min: 1, Max: 2}, [kinds]int{opCopy: 5, opMix: 2, opPut: 1, opSum: 1}},
	{"what they read decides", choice.Length{Min: 2, Max: 6}, choice.Length{Min: 1, Max: 3}, [kinds]int{opBranch: 4, opFollow: 4, opMix: 2, opSum: 1, opRequire: 1}},
	{"come and go", choice.Length{Min: 2, Max: 5}, choice.Length{Min: 1, Max: 3}, [kinds]int{opDelete: 4, opPut: 3, opCopy: 3, opSum: 2, opAdd: 1}},
	{"a bit of all", choice.Length{Min: 1, Max: 8}, choice.Length{Min: 1, Max: 4}, [kinds]int{
		opRead: 2, opPut: 2, opAdd: 2, opMix: 2, opCopy: 2, opDelete: 1, opMove: 2, opBranch: 2, opFollow: 2, opSum: 2, opRequire: 1,
	}},
}

// How often, in percent, something is drawn.
const (
	failing    = 12 // a transaction fails for certain, where transactions fail
	panicking  = 40 // of these, by a panic, where they panic
	misguessed = 35 // an estimate is wrong
	keyThere   = 80 // a key is there initially
)

// draw draws a block. Zero bits give the smallest, and less of them less.
func draw(from choice.Source, c *config) Block {
	return drawSized(from, c, choice.Length{Min: 0, Max: c.maxTxs})
}

// drawSized draws a block of so many transactions.
func drawSized(from choice.Source, c *config, size choice.Length) Block {
	s := &shapes[choice.Below(from, len(shapes))]
	b := Block{workers: c.lo + choice.Below(from, c.hi-c.lo+1), initial: State{}}
	keys := drawKeys(from, s, c, &b)
	for more := true; more && b.Len() < c.maxTxs; {
		from.Group(func(from choice.Source) {
			if more = size.More(from, b.Len()); more {
				b.bodies = append(b.bodies, drawBody(from, s, c, keys, b.Len()))
			}
		})
	}
	if c.estimates {
		b.guess(from, keys)
	}
	return b
}

// drawKeys draws what there is initially, and names the keys.
func drawKeys(from choice.Source, s *shape, c *config, b *Block) (keys []Key) {
	for more := true; more && len(keys) < s.keys.Max; {
		from.Group(func(from choice.Source) {
			if more = len(keys) == 0 || s.keys.More(from, len(keys)); !more {
				return
			}
			k := Key(rune('a' + len(keys)))
			if c.stores > 1 {
				k = fmt.Sprintf("%d/%s", choice.Below(from, c.stores), k)
			}
			keys = append(keys, k)
			if value := choice.Below(from, 20); choice.Chance(from, keyThere) {
				b.initial[k] = Value(value)
			}
		})
	}
	return keys
}

func drawBody(from choice.Source, s *shape, c *config, keys []Key, i int) body {
	t := body{name: fmt.Sprintf("t%d", i+1)}
	weights := s.weights
	if !c.ranges {
		weights[opSum] = 0
	}
	if !c.failures {
		weights[opRequire] = 0
	}
	for more := true; more && len(t.ops) < s.ops.Max; {
		from.Group(func(from choice.Source) {
			if more = len(t.ops) == 0 || s.ops.More(from, len(t.ops)); more {
				t.ops = append(t.ops, drawOp(from, weights, keys, i, len(t.ops)))
			}
		})
	}
	if c.failures && choice.Chance(from, failing) {
		o := op{kind: opFail}
		if c.panics && choice.Chance(from, panicking) {
			o.kind = opPanic
		}
		t.ops = append(t.ops, o)
	}
	return t
}

// drawOp draws an operation of the i-th transaction. What it puts is put by no other, so that who reads it names who wrote it.
func drawOp(from choice.Source, weights [kinds]int, keys []Key, i, k int) op {
	o := op{kind: kind(choice.Pick(from, weights[:]...))}
	for j := range o.used() {
		o.keys[j] = keys[choice.Below(from, len(keys))]
	}
	if o.kind == opSum && o.keys[0] >= o.keys[1] {
		o.keys[0], o.keys[1] = keys[0], "z" // everything, or all of one store
		for _, key := range keys {
			o.keys[0] = min(o.keys[0], key)
		}
	}
	switch {
	case o.kind == opPut:
		o.n = Value(100 + 10*i + k)
	case forms[o.kind].number:
		o.n = Value(1 + choice.Below(from, 9))
	}
	return o
}

// guess draws an estimate for each transaction: the truth, or that with a key left out, and one too many.
func (b *Block) guess(from choice.Source, keys []Key) {
	for i := range b.bodies {
		from.Group(func(from choice.Source) {
			if wrong := choice.Chance(from, misguessed); !wrong {
				return
			}
			t := &b.bodies[i]
			reads, writes := t.touches(b.keys())
			extra := keys[choice.Below(from, len(keys))]
			if n := len(writes); n > 0 && choice.Chance(from, 70) {
				at := choice.Below(from, n)
				writes = append(writes[:at:at], writes[at+1:]...)
			} else {
				writes = append(writes, extra)
			}
			t.hint = &hint{reads: set(append(reads, extra)), writes: set(writes)}
		})
	}
}
