package order

// csr holds a list for each of n owners in one array: owner i's is
// items[start[i]:start[i+1]].
type csr[T any] struct {
	start []int32
	items []T
}

func (c *csr[T]) of(i int) []T { return c.items[c.start[i]:c.start[i+1]] }

// group builds the lists of n owners from their items in order; each calls put
// for every item, and is called twice.
func group[T any](n int, each func(put func(owner int32, item T))) csr[T] {
	start := make([]int32, n+2)
	total := 0
	each(func(owner int32, _ T) {
		start[owner+2]++
		total++
	})
	for i := 2; i < len(start); i++ {
		start[i] += start[i-1]
	}
	items := make([]T, total)
	each(func(owner int32, item T) {
		items[start[owner+1]] = item
		start[owner+1]++
	})
	return csr[T]{start[:n+1], items}
}

// topological returns the nodes 0…n-1 that are not on or behind a cycle, each
// after its predecessors (Kahn's algorithm, the lowest number first among those
// that become ready together). edges calls its argument for every edge.
func topological(n int, edges func(edge func(from, to int32))) []int32 {
	waits := make([]int32, n)
	edges(func(_, to int32) { waits[to]++ })
	succs := group(n, func(put func(int32, int32)) { edges(put) })
	order := make([]int32, 0, n)
	for i := range n {
		if waits[i] == 0 {
			order = append(order, int32(i))
		}
	}
	for next := 0; next < len(order); next++ {
		for _, s := range succs.of(int(order[next])) {
			if waits[s]--; waits[s] == 0 {
				order = append(order, s)
			}
		}
	}
	return order
}

// findCycle returns a cycle of the graph, each node before the one it has an
// edge to, given a topological order of the nodes not behind one. Every node left
// out has a predecessor left out, so walking back must meet itself.
func findCycle(n int, order []int32, preds func(node int32, visit func(int32))) []int32 {
	done := make([]bool, n)
	for _, i := range order {
		done[i] = true
	}
	at := int32(0)
	for int(at) < n && done[at] {
		at++
	}
	seen := filled(n, -1)
	var path []int32
	for seen[at] < 0 {
		seen[at] = int32(len(path))
		path = append(path, at)
		next := int32(-1)
		preds(at, func(p int32) {
			if !done[p] {
				next = p
			}
		})
		at = next
	}
	return reversed(path[seen[at]:])
}

func reversed(path []int32) []int32 {
	out := make([]int32, 0, len(path))
	for i := len(path) - 1; i >= 0; i-- {
		out = append(out, path[i])
	}
	return out
}

func filled(n int, v int32) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = v
	}
	return s
}
