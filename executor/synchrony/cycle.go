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

// lowestOnCycle is the lowest transaction that is on a cycle, or -1: the lowest of all that
// share a strongly connected component with another, or depend on themselves.
func lowestOnCycle(g *graph) int32 {
	lowest := int32(-1)
	for component := range components(g) {
		cyclic := len(component) > 1 || slices.Contains(g.successors(component[0]), component[0])
		if least := slices.Min(component); cyclic && (lowest < 0 || least < lowest) {
			lowest = least
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
