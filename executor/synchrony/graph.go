package synchrony

import (
	"container/heap"

	"synchrony/models/batch"
)

// graph is the dependency graph of a batch, in compressed sparse rows both ways.
// Its edges are a subset of the conflicts with the same transitive closure: a
// transaction that accesses an account depends on the account's last writer before
// it, and a writer also on the readers since. An after clause is an edge as well.
//
// Invariant: without after clauses, every edge goes from a lower index to a higher.
type graph struct {
	n         int
	predStart []int32 // n+1
	preds     []int32
	succStart []int32 // n+1
	succs     []int32 // of each transaction, ascending
	backward  bool    // an after clause names a later transaction

	level []int32 // by transaction: the length of the longest path to it
	width []int32 // by level: how many transactions
}

func (g *graph) predecessors(tx int32) []int32 { return g.preds[g.predStart[tx]:g.predStart[tx+1]] }
func (g *graph) successors(tx int32) []int32   { return g.succs[g.succStart[tx]:g.succStart[tx+1]] }

// accountState is what the analysis remembers of an account. Zero means none, so
// that resetting is clearing.
type accountState struct {
	writer  int32 // 1 + the last writer
	readers int32 // 1 + the head of the list of readers since
}

// readerNode is an element of such a list.
type readerNode struct{ tx, next int32 }

// analyze makes the dependency graph in one pass over the accesses: O(accesses)
// amortised, since a reader is in one list until the account's next writer has
// walked over it.
func (sc *scratch) analyze(b *batch.Batch) {
	n := len(b.Transactions)
	g := &sc.graph
	g.n, g.backward = n, false
	g.predStart = resize(g.predStart, n+1)
	g.preds, g.width = g.preds[:0], g.width[:0]
	sc.accounts = zeroed(sc.accounts, len(b.Accounts))
	sc.readers = sc.readers[:0]
	sc.stamp = zeroed(sc.stamp, n)
	// succStart[i+1] counts the successors of i until transpose sums up.
	g.succStart = zeroed(g.succStart, n+1)

	index := afterIndex(b)
	for j := range b.Transactions {
		t := &b.Transactions[j]
		g.predStart[j] = int32(len(g.preds))
		sc.dependOnAccesses(t, int32(j))
		for _, id := range t.After {
			if i, ok := index[id]; ok {
				sc.edge(i, int32(j))
				g.backward = g.backward || i >= int32(j)
			}
		}
	}
	g.predStart[n] = int32(len(g.preds))
	g.transpose()
}

// dependOnAccesses adds the edges to j that its accesses call for.
func (sc *scratch) dependOnAccesses(t *batch.Transaction, j int32) {
	accounts := sc.accounts
	for _, a := range t.Writes {
		s := &accounts[a]
		if s.writer != 0 {
			sc.edge(s.writer-1, j) // write after write, and read after write if j reads it too
		}
		for r := s.readers; r != 0; r = sc.readers[r-1].next {
			sc.edge(sc.readers[r-1].tx, j) // write after read
		}
		s.writer, s.readers = j+1, 0
	}
	for _, a := range t.Reads {
		s := &accounts[a]
		if s.writer == j+1 {
			continue // by now j is its writer
		}
		if s.writer != 0 {
			sc.edge(s.writer-1, j) // read after write
		}
		sc.readers = append(sc.readers, readerNode{tx: j, next: s.readers})
		s.readers = int32(len(sc.readers))
	}
}

// edge adds i → j unless it is there. All edges to one j are added together.
func (sc *scratch) edge(i, j int32) {
	if sc.stamp[i] == j+1 {
		return
	}
	sc.stamp[i] = j + 1
	sc.graph.succStart[i+1]++
	sc.graph.preds = append(sc.graph.preds, i)
}

// afterIndex maps IDs to indices; nil if no transaction has an after clause.
func afterIndex(b *batch.Batch) map[string]int32 {
	for i := range b.Transactions {
		if len(b.Transactions[i].After) > 0 {
			index := make(map[string]int32, len(b.Transactions))
			for j := range b.Transactions {
				index[b.Transactions[j].ID] = int32(j)
			}
			return index
		}
	}
	return nil
}

// transpose fills in the successors.
func (g *graph) transpose() {
	g.succs = resize(g.succs, len(g.preds))
	if len(g.preds) == 0 {
		return // succStart is all zero, as it should be
	}
	for i := range g.n {
		g.succStart[i+1] += g.succStart[i]
	}
	// Fill each row from its start, which leaves succStart[i] at the row's end,
	// that is, one place to the left of where it belongs.
	for j := range int32(g.n) {
		for _, i := range g.predecessors(j) {
			g.succs[g.succStart[i]] = j
			g.succStart[i]++
		}
	}
	copy(g.succStart[1:], g.succStart[:g.n])
	g.succStart[0] = 0
}

// order returns the canonical topological order, which always takes the lowest of
// the transactions whose predecessors have all been taken: nil if that is submission
// order, and false if there is none, because of a cycle.
func (g *graph) order() (order []int32, acyclic bool) {
	if !g.backward {
		return nil, true
	}
	waiting := make([]int32, g.n)
	var ready minHeap
	for j := range int32(g.n) {
		waiting[j] = int32(len(g.predecessors(j)))
		if waiting[j] == 0 {
			ready = append(ready, j) // ascending, so a heap
		}
	}
	order = make([]int32, 0, g.n)
	for len(ready) > 0 {
		tx := heap.Pop(&ready).(int32)
		order = append(order, tx)
		for _, s := range g.successors(tx) {
			if waiting[s]--; waiting[s] == 0 {
				heap.Push(&ready, s)
			}
		}
	}
	return order, len(order) == g.n
}

// minHeap implements [heap.Interface]: the lowest transaction first.
type minHeap []int32

func (h minHeap) Len() int           { return len(h) }
func (h minHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h minHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *minHeap) Push(x any)        { *h = append(*h, x.(int32)) }
func (h *minHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// groups lists the transactions by level, ascending in each.
func (g *graph) groups() [][]int32 {
	groups := make([][]int32, len(g.width))
	for l, w := range g.width {
		groups[l] = make([]int32, 0, w)
	}
	for j := range int32(g.n) {
		l := g.level[j]
		groups[l] = append(groups[l], j)
	}
	return groups
}
