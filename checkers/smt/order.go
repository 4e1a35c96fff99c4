package smt

import (
	"container/heap"
	"fmt"
	"slices"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

// digraph is a relation between transactions: who must come before whom.
type digraph [][]int32

// planGraph is the digraph of a plan's edges.
func planGraph(n int, plan []trace.Dependency) (digraph, error) {
	g := make(digraph, n)
	for _, d := range plan {
		if d.From < 0 || int(d.From) >= n || d.To < 0 || int(d.To) >= n {
			return nil, fmt.Errorf("the plan has an edge from transaction %d to %d; the batch has %d", d.From, d.To, n)
		}
		g[d.From] = append(g[d.From], d.To)
	}
	for _, to := range g {
		slices.Sort(to)
	}
	return g, nil
}

func (g digraph) has(from, to int32) bool {
	_, found := slices.BinarySearch(g[from], to)
	return found
}

// order is the topological order that always takes the first by rank. It is shorter
// than g if g has a cycle.
func (g digraph) order(rank []int32) []int32 {
	waiting := make([]int32, len(g))
	for _, to := range g {
		for _, j := range to {
			waiting[j]++
		}
	}
	ready := &byRank{rank: rank}
	for i := range g {
		if waiting[i] == 0 {
			ready.Push(int32(i))
		}
	}
	heap.Init(ready)
	order := make([]int32, 0, len(g))
	for ready.Len() > 0 {
		i := heap.Pop(ready).(int32)
		order = append(order, i)
		for _, j := range g[i] {
			if waiting[j]--; waiting[j] == 0 {
				heap.Push(ready, j)
			}
		}
	}
	return order
}

type byRank struct {
	rank  []int32
	items []int32
}

func (h *byRank) Len() int           { return len(h.items) }
func (h *byRank) Less(i, j int) bool { return h.rank[h.items[i]] < h.rank[h.items[j]] }
func (h *byRank) Swap(i, j int)      { h.items[i], h.items[j] = h.items[j], h.items[i] }
func (h *byRank) Push(x any)         { h.items = append(h.items, x.(int32)) }
func (h *byRank) Pop() any {
	last := h.items[len(h.items)-1]
	h.items = h.items[:len(h.items)-1]
	return last
}

// reach marks who is reached from a node, itself included.
type reach struct {
	g     digraph
	stamp []int32
	round int32
	stack []int32
}

func newReach(g digraph) *reach { return &reach{g: g, stamp: make([]int32, len(g))} }

func (r *reach) from(i int32) {
	r.round++
	r.stamp[i] = r.round
	r.stack = append(r.stack[:0], i)
	for len(r.stack) > 0 {
		k := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		for _, j := range r.g[k] {
			if r.stamp[j] != r.round {
				r.stamp[j] = r.round
				r.stack = append(r.stack, j)
			}
		}
	}
}

func (r *reach) has(j int32) bool { return r.stamp[j] == r.round }

func (g digraph) reversed() digraph {
	back := make(digraph, len(g))
	for i, to := range g {
		for _, j := range to {
			back[j] = append(back[j], int32(i))
		}
	}
	return back
}

// ranks is the inverse of an order.
func ranks(order []int32) []int32 {
	rank := make([]int32, len(order))
	for k, i := range order {
		rank[i] = int32(k)
	}
	return rank
}

// accessor is a transaction that accesses an account.
type accessor struct {
	tx     int32
	writes bool
}

// footprints lists, by account, who accesses it, in an order of the transactions.
func footprints(b *batch.Batch, order []int32) [][]accessor {
	lists := make([][]accessor, len(b.Accounts))
	for _, tx := range order {
		t := &b.Transactions[tx]
		for _, a := range t.Writes {
			lists[a] = append(lists[a], accessor{tx, true})
		}
		for _, a := range t.Reads {
			if n := len(lists[a]); n == 0 || lists[a][n-1].tx != tx {
				lists[a] = append(lists[a], accessor{tx, false})
			}
		}
	}
	return lists
}

// neighbours yields the conflicting pairs on an account from which, if each is
// ordered, all others follow: each write with those that access the value it
// replaces or makes.
func neighbours(list []accessor, yield func(from, to int32)) {
	writer, readers := trace.None, []int32(nil)
	for _, a := range list {
		if writer != trace.None && (!a.writes || len(readers) == 0) {
			yield(writer, a.tx)
		}
		if !a.writes {
			readers = append(readers, a.tx)
			continue
		}
		for _, r := range readers {
			yield(r, a.tx)
		}
		writer, readers = a.tx, readers[:0]
	}
}

// serialOrder is the order that a batch means: topological by its conflicts in
// submission order and its after clauses, always taking the transaction submitted
// first. It is shorter than the batch if these form a cycle.
func serialOrder(b *batch.Batch) []int32 {
	n := len(b.Transactions)
	order := make([]int32, n)
	index := make(map[string]int32, n)
	for i := range order {
		order[i] = int32(i)
		index[b.Transactions[i].ID] = int32(i)
	}
	g := make(digraph, n)
	plain := true
	for i := range b.Transactions {
		for _, id := range b.Transactions[i].After {
			g[index[id]] = append(g[index[id]], int32(i))
			plain = plain && index[id] < int32(i)
		}
	}
	if plain {
		return order
	}
	for _, list := range footprints(b, order) {
		neighbours(list, func(from, to int32) { g[from] = append(g[from], to) })
	}
	return g.order(order)
}
