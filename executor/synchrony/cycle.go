package synchrony

import (
	"slices"

	"synchrony/models/batch"
)

// findCycle names a cycle of the conflicts and after clauses: the shortest
// through the lowest transaction that is on any, beginning with it, and of several
// such the one that is lowest in lexicographic order of indices. The answer does not
// depend on which of the conflicts the graph leaves out as implied. It is nil if
// there is no cycle.
//
// O(accesses + edges), plus the length of the lists walked along the cycle.
func findCycle(b *batch.Batch, g *graph) *batch.CycleError {
	root := lowestOnCycle(g)
	if root < 0 {
		return nil
	}
	d := newDependants(b)
	dist := d.distancesTo(root)
	cycle := &batch.CycleError{}
	// Walk from the root to what it waits for, always one step nearer to the root.
	at, left := root, int32(-1)
	for {
		cycle.Cycle = append(cycle.Cycle, b.Transactions[at].ID)
		next := int32(-1)
		for _, p := range d.waitsFor(at) {
			if dist[p] < 0 || left >= 0 && dist[p] != left-1 {
				continue
			}
			if next < 0 || dist[p] < dist[next] || dist[p] == dist[next] && p < next {
				next = p
			}
		}
		if next == root {
			return cycle
		}
		at, left = next, dist[next]
	}
}

// lowestOnCycle is the lowest transaction in a strongly connected component with a
// cycle, or -1. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J.
// Comput. 1972, without recursion.
func lowestOnCycle(g *graph) int32 {
	const unseen = 0
	var (
		lowest  = int32(-1)
		number  = make([]int32, g.n) // 1, 2, … in order of discovery
		low     = make([]int32, g.n)
		inStack = make([]bool, g.n)
		open    []int32 // Tarjan's stack
		count   int32
	)
	type frame struct{ tx, next int32 }
	var calls []frame
	enter := func(tx int32) {
		count++
		number[tx], low[tx], inStack[tx] = count, count, true
		open = append(open, tx)
		calls = append(calls, frame{tx: tx})
	}
	for root := range int32(g.n) {
		if number[root] != unseen {
			continue
		}
		enter(root)
		for len(calls) > 0 {
			top := &calls[len(calls)-1]
			tx := top.tx
			if succs := g.successors(tx); int(top.next) < len(succs) {
				s := succs[top.next]
				top.next++
				if number[s] == unseen {
					enter(s)
				} else if inStack[s] {
					low[tx] = min(low[tx], number[s])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1].tx
				low[up] = min(low[up], low[tx])
			}
			if low[tx] != number[tx] {
				continue
			}
			at := len(open) - 1
			for open[at] != tx {
				at--
			}
			component := open[at:]
			open = open[:at]
			for _, c := range component {
				inStack[c] = false
			}
			if len(component) > 1 || slices.Contains(g.successors(tx), tx) {
				if least := slices.Min(component); lowest < 0 || least < lowest {
					lowest = least
				}
			}
		}
	}
	return lowest
}

// dependants answers who depends on whom by the full conflict relation.
type dependants struct {
	b     *batch.Batch
	uses  [][]use
	index map[string]int32
	after [][]int32 // by transaction: who names it in an after clause
}

func newDependants(b *batch.Batch) *dependants {
	d := &dependants{b: b, uses: usesByAccount(b), index: afterIndex(b), after: make([][]int32, len(b.Transactions))}
	for j := range b.Transactions {
		for _, id := range b.Transactions[j].After {
			if i, ok := d.index[id]; ok {
				d.after[i] = append(d.after[i], int32(j))
			}
		}
	}
	return d
}

// waitsFor lists whom tx depends on; the same one may appear more than once.
func (d *dependants) waitsFor(tx int32) []int32 {
	t := &d.b.Transactions[tx]
	var out []int32
	for _, a := range merged(t.Reads, t.Writes) {
		mine := useOf(t, a)
		for _, u := range d.uses[a] {
			if u.tx >= tx {
				break
			}
			if kinds(u, mine) != 0 {
				out = append(out, u.tx)
			}
		}
	}
	for _, id := range t.After {
		if i, ok := d.index[id]; ok {
			out = append(out, i)
		}
	}
	return out
}

// distancesTo gives, for each transaction, the fewest steps of waiting from it to
// root; -1 if it does not wait for root. This is a breadth-first search against the
// direction of waiting. The later users of an account are all reached once the
// earliest that matters has been, so each list is walked from its end, and shrinks:
// first to what has not been reached by anyone's write, and separately to the
// writers not reached by anyone's read.
func (d *dependants) distancesTo(root int32) []int32 {
	dist := make([]int32, len(d.b.Transactions))
	for i := range dist {
		dist[i] = -1
	}
	dist[root] = 0
	queue := []int32{root}
	reach := func(j, from int32) {
		if dist[j] < 0 {
			dist[j] = dist[from] + 1
			queue = append(queue, j)
		}
	}
	all, writers := d.remaining()
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		t := &d.b.Transactions[i]
		for _, a := range t.Writes {
			for n := len(all[a]); n > 0 && all[a][n-1].tx > i; n = len(all[a]) {
				reach(all[a][n-1].tx, i)
				all[a] = all[a][:n-1]
			}
		}
		for _, a := range t.Reads {
			for n := len(writers[a]); n > 0 && writers[a][n-1].tx > i; n = len(writers[a]) {
				reach(writers[a][n-1].tx, i)
				writers[a] = writers[a][:n-1]
			}
		}
		for _, j := range d.after[i] {
			reach(j, i)
		}
	}
	return dist
}

// remaining are the lists that distancesTo shrinks: of users, and of writers.
func (d *dependants) remaining() (all, writers [][]use) {
	all = slices.Clone(d.uses)
	writers = make([][]use, len(d.uses))
	for a, uses := range d.uses {
		for _, u := range uses {
			if u.writes {
				writers[a] = append(writers[a], u)
			}
		}
	}
	return all, writers
}
