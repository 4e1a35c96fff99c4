package blocks

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/models/block"
)

// Reduce looks for a smaller block that fails as b does: it calls fails with one after the other, each smaller than the last that failed, until none is. First
// blocks of transactions go, of half of all down to one, then pairs, and neighbours become one; then operations, workers and what is there initially go; then operations
// become simpler, keys fewer, and numbers small.
func Reduce(b block.Block, fails func(block.Block) bool) {
	r := &reducer{best: b.Clone(), fails: fails}
	for again := true; again; {
		again = r.dropBlocks()
		again = r.dropPairs() || again
		again = r.joinNeighbours() || again
		again = r.dropOps() || again
		again = r.each(simplerSetup) || again
		again = r.each(simplerOps) || again
		again = r.each(fewerKeys) || again
		again = r.each(smallerNumbers) || again
		again = r.each(plainNames) || again
	}
}

type reducer struct {
	best  block.Block
	fails func(block.Block) bool
}

// try tries a change to a copy of the best block, which it keeps if that fails, too.
func (r *reducer) try(change func(*block.Block)) bool {
	c := r.best.Clone()
	change(&c)
	if !r.fails(c) {
		return false
	}
	r.best = c
	return true
}

func (r *reducer) dropBlocks() (dropped bool) {
	for size := (r.best.Len() + 1) / 2; size > 0; size /= 2 {
		for from := r.best.Len() - size; from >= 0; from-- { // from the end: what fails is often caused by what is first
			if from+size > r.best.Len() {
				continue
			}
			if r.try(func(b *block.Block) { b.Transactions = slices.Delete(b.Transactions, from, from+size) }) {
				dropped = true
			}
		}
	}
	return dropped
}

// mostForPairs is up to how many transactions two that are not neighbours are left out together.
const mostForPairs = 12

func (r *reducer) dropPairs() (dropped bool) {
	if r.best.Len() > mostForPairs {
		return false
	}
	for i := 0; i < r.best.Len(); i++ {
		for j := i + 2; j < r.best.Len(); j++ {
			if r.try(func(b *block.Block) { b.Transactions = slices.Delete(slices.Delete(b.Transactions, j, j+1), i, i+1) }) {
				dropped = true
				j--
			}
		}
	}
	return dropped
}

// joinNeighbours makes one transaction of two: what one has done to several keys may have been done by several only because each was drawn with few operations.
func (r *reducer) joinNeighbours() (joined bool) {
	for i := r.best.Len() - 2; i >= 0; i-- {
		if r.try(func(b *block.Block) {
			t := &b.Transactions[i]
			t.Operations = append(t.Operations, b.Transactions[i+1].Operations...)
			t.Guess = nil // it was of one of them
			b.Transactions = slices.Delete(b.Transactions, i+1, i+2)
		}) {
			joined = true
		}
	}
	return joined
}

func (r *reducer) dropOps() (dropped bool) {
	for i := range r.best.Transactions {
		for j := len(r.best.Transactions[i].Operations) - 1; j >= 0; j-- {
			if r.try(func(b *block.Block) {
				b.Transactions[i].Operations = slices.Delete(b.Transactions[i].Operations, j, j+1)
			}) {
				dropped = true
			}
		}
	}
	return dropped
}

// each tries changes one after the other, each on the best block; changes makes the list of those to that block anew when one was kept.
func (r *reducer) each(changes func(*block.Block) []func(*block.Block)) (changed bool) {
	for i := 0; ; i++ {
		list := changes(&r.best)
		if i >= len(list) {
			return changed
		}
		if r.try(list[i]) {
			changed = true
			i--
		}
	}
}

// simplerSetup: fewer workers, no wrong estimates, less initially.
func simplerSetup(b *block.Block) (list []func(*block.Block)) {
	for n := 1; n < b.Workers; n++ {
		list = append(list, func(b *block.Block) { b.Workers = n })
	}
	for i := range b.Transactions {
		if b.Transactions[i].Guess != nil {
			list = append(list, func(b *block.Block) { b.Transactions[i].Guess = nil })
		}
	}
	for k := range b.Initial.Sorted() {
		list = append(list, func(b *block.Block) { delete(b.Initial, k) })
	}
	return list
}

// simpler are the kinds that one may become, with as few keys or fewer, simplest first.
var simpler = [block.Kinds][]block.Kind{
	block.Mix: {block.Add, block.Write}, block.Copy: {block.Read}, block.Move: {block.Read, block.Add}, block.Branch: {block.Read, block.Add}, block.Follow: {block.Add},
	block.Sum: {block.Read, block.Copy}, block.Add: {block.Write}, block.Transfer: {block.Read, block.Add}, block.Require: {block.Fail}, block.Panic: {block.Fail},
}

func simplerOps(b *block.Block) (list []func(*block.Block)) {
	for i := range b.Transactions {
		for j := range b.Transactions[i].Operations {
			for _, k := range simpler[b.Transactions[i].Operations[j].Kind] {
				list = append(list, func(b *block.Block) { b.Transactions[i].Operations[j] = become(&b.Transactions[i].Operations[j], k) })
			}
		}
	}
	return list
}

// become makes another kind of an operation.
func become(o *block.Operation, k block.Kind) block.Operation {
	n := block.Operation{Kind: k}
	copy(n.Used(), o.Keys[:])
	if k.Form().Number {
		n.Amount = max(o.Amount, 1)
	}
	return n
}

// fewerKeys: one key in place of another, an earlier one.
func fewerKeys(b *block.Block) (list []func(*block.Block)) {
	keys := b.Keys()
	for i := len(keys) - 1; i > 0; i-- {
		for _, to := range keys[:i] {
			list = append(list, func(b *block.Block) { rename(b, keys[i], to) })
		}
	}
	return list
}

func rename(b *block.Block, from, to block.Key) {
	if v, ok := b.Initial[from]; ok {
		delete(b.Initial, from)
		if _, there := b.Initial[to]; !there {
			b.Initial[to] = v
		}
	}
	renamed := func(keys []block.Key) []block.Key {
		keys = slices.Clone(keys)
		for i, k := range keys {
			if k == from {
				keys[i] = to
			}
		}
		return keys
	}
	for i := range b.Transactions {
		t := &b.Transactions[i]
		for j := range t.Operations {
			copy(t.Operations[j].Keys[:], renamed(t.Operations[j].Keys[:]))
		}
		if t.Guess != nil {
			t.Guess = &block.Guess{Reads: block.Set(renamed(t.Guess.Reads)), Writes: block.Set(renamed(t.Guess.Writes))}
		}
	}
}

// plainNames: the keys are a, b, … of their stores, and the transactions t1, t2, ….
func plainNames(b *block.Block) (list []func(*block.Block)) {
	for i, k := range b.Keys() {
		store, letter, several := strings.Cut(k, "/")
		if !several {
			store, letter = "", k
		}
		if plain := string(rune('a' + i)); i < 26 && letter > plain {
			if several {
				plain = store + "/" + plain
			}
			if !slices.Contains(b.Keys(), plain) {
				list = append(list, func(b *block.Block) { rename(b, k, plain) })
			}
		}
	}
	numbered := func(i int) string { return fmt.Sprintf("t%d", i+1) }
	for i := range b.Transactions {
		if b.Transactions[i].Name != numbered(i) {
			return append(list, func(b *block.Block) {
				for i := range b.Transactions {
					b.Transactions[i].Name = numbered(i)
				}
			})
		}
	}
	return list
}

// smallerNumbers: numbers near 0.
func smallerNumbers(b *block.Block) (list []func(*block.Block)) {
	for k, v := range b.Initial.Sorted() {
		for _, n := range nearer(v, 0) {
			list = append(list, func(b *block.Block) { b.Initial[k] = n })
		}
	}
	for i := range b.Transactions {
		for j := range b.Transactions[i].Operations {
			if o := &b.Transactions[i].Operations[j]; o.Kind.Form().Number {
				for _, n := range nearer(o.Amount, 1) {
					list = append(list, func(b *block.Block) { b.Transactions[i].Operations[j].Amount = n })
				}
			}
		}
	}
	return list
}

// nearer are some numbers from least on that are smaller than v.
func nearer(v, least block.Value) (list []block.Value) {
	for _, n := range []block.Value{least, least + 1, v / 2, v - 1} {
		if n >= least && n < v && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
