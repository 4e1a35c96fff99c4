package batchtest

import (
	"fmt"
	"slices"
	"strings"
)

// reduce looks for a smaller block that fails as b does: it calls fails with one after the other, each smaller than the last that failed, until none is. First
// blocks of transactions go, of half of all down to one, then pairs; then operations, workers and what is there initially; then operations become
// simpler, keys fewer, and numbers small.
func reduce(b Block, fails func(Block) bool) {
	r := &reducer{best: b.clone(), fails: fails}
	for again := true; again; {
		again = r.dropBlocks()
		again = r.dropPairs() || again
		again = r.dropOps() || again
		again = r.each(simplerSetup) || again
		again = r.each(simplerOps) || again
		again = r.each(fewerKeys) || again
		again = r.each(smallerNumbers) || again
		again = r.each(plainNames) || again
	}
}

type reducer struct {
	best  Block
	fails func(Block) bool
}

// try tries a change to a copy of the best block, which it keeps if that fails, too.
func (r *reducer) try(change func(*Block)) bool {
	c := r.best.clone()
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
			if r.try(func(b *Block) { b.bodies = slices.Delete(b.bodies, from, from+size) }) {
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
			if r.try(func(b *Block) { b.bodies = slices.Delete(slices.Delete(b.bodies, j, j+1), i, i+1) }) {
				dropped = true
				j--
			}
		}
	}
	return dropped
}

func (r *reducer) dropOps() (dropped bool) {
	for i := range r.best.bodies {
		for j := len(r.best.bodies[i].ops) - 1; j >= 0; j-- {
			if r.try(func(b *Block) { b.bodies[i].ops = slices.Delete(b.bodies[i].ops, j, j+1) }) {
				dropped = true
			}
		}
	}
	return dropped
}

// each tries changes one after the other, each on the best block; changes makes the list of those to that block anew when one was kept.
func (r *reducer) each(changes func(*Block) []func(*Block)) (changed bool) {
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
func simplerSetup(b *Block) (list []func(*Block)) {
	for n := 1; n < b.workers; n++ {
		list = append(list, func(b *Block) { b.workers = n })
	}
	for i := range b.bodies {
		if b.bodies[i].hint != nil {
			list = append(list, func(b *Block) { b.bodies[i].hint = nil })
		}
	}
	for k := range b.initial.Sorted() {
		list = append(list, func(b *Block) { delete(b.initial, k) })
	}
	return list
}

// simpler are the kinds that one may become, with as few keys or fewer, simplest first.
var simpler = [kinds][]kind{
	opMix: {opAdd, opPut}, opCopy: {opRead}, opMove: {opRead, opAdd}, opBranch: {opRead, opAdd}, opFollow: {opAdd},
	opSum: {opRead, opCopy}, opAdd: {opPut}, opRequire: {opFail}, opPanic: {opFail},
}

func simplerOps(b *Block) (list []func(*Block)) {
	for i := range b.bodies {
		for j := range b.bodies[i].ops {
			for _, k := range simpler[b.bodies[i].ops[j].kind] {
				list = append(list, func(b *Block) { b.bodies[i].ops[j].become(k) })
			}
		}
	}
	return list
}

// become makes another kind of an operation.
func (o *op) become(k kind) {
	n := op{kind: k}
	copy(n.keys[:forms[k].keys], o.keys[:])
	if forms[k].number {
		n.n = max(o.n, 1)
	}
	*o = n
}

// fewerKeys: one key in place of another, an earlier one.
func fewerKeys(b *Block) (list []func(*Block)) {
	keys := b.keys()
	for i := len(keys) - 1; i > 0; i-- {
		for _, to := range keys[:i] {
			list = append(list, func(b *Block) { b.rename(keys[i], to) })
		}
	}
	return list
}

func (b *Block) rename(from, to Key) {
	if v, ok := b.initial[from]; ok {
		delete(b.initial, from)
		if _, there := b.initial[to]; !there {
			b.initial[to] = v
		}
	}
	rename := func(keys []Key) []Key {
		keys = slices.Clone(keys)
		for i, k := range keys {
			if k == from {
				keys[i] = to
			}
		}
		return keys
	}
	for i := range b.bodies {
		t := &b.bodies[i]
		for j := range t.ops {
			copy(t.ops[j].keys[:], rename(t.ops[j].keys[:]))
		}
		if t.hint != nil {
			t.hint = &hint{set(rename(t.hint.reads)), set(rename(t.hint.writes))}
		}
	}
}

// plainNames: the keys are a, b, … of their stores, and the transactions t1, t2, ….
func plainNames(b *Block) (list []func(*Block)) {
	for i, k := range b.keys() {
		store, letter, several := strings.Cut(k, "/")
		if !several {
			store, letter = "", k
		}
		if plain := string(rune('a' + i)); i < 26 && letter > plain {
			if several {
				plain = store + "/" + plain
			}
			if !slices.Contains(b.keys(), plain) {
				list = append(list, func(b *Block) { b.rename(k, plain) })
			}
		}
	}
	numbered := func(i int) string { return fmt.Sprintf("t%d", i+1) }
	for i := range b.bodies {
		if b.bodies[i].name != numbered(i) {
			return append(list, func(b *Block) {
				for i := range b.bodies {
					b.bodies[i].name = numbered(i)
				}
			})
		}
	}
	return list
}

// smallerNumbers: numbers near 0.
func smallerNumbers(b *Block) (list []func(*Block)) {
	for k, v := range b.initial.Sorted() {
		for _, n := range nearer(v, 0) {
			list = append(list, func(b *Block) { b.initial[k] = n })
		}
	}
	for i := range b.bodies {
		for j := range b.bodies[i].ops {
			if o := &b.bodies[i].ops[j]; forms[o.kind].number {
				for _, n := range nearer(o.n, 1) {
					list = append(list, func(b *Block) { b.bodies[i].ops[j].n = n })
				}
			}
		}
	}
	return list
}

// nearer are some numbers from least on that are smaller than v.
func nearer(v, least Value) (list []Value) {
	for _, n := range []Value{least, least + 1, v / 2, v - 1} {
		if n >= least && n < v && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
