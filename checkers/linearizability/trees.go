package linearizability

// greatest is numbers of which the greatest in a range is found in logarithmic time: a tree of the winners of each pair, of pairs of pairs, and so on. Only
// numbers greater than 0 are there.
type greatest struct {
	values []int
	winner []int // of the node k: the index of the greatest below it, the first of several; the leaves are the last half
}

func newGreatest(n int) *greatest {
	g := &greatest{values: make([]int, n), winner: make([]int, 2*n)}
	for i := range n {
		g.winner[n+i] = i
	}
	for k := n - 1; k > 0; k-- {
		g.winner[k] = g.better(g.winner[2*k], g.winner[2*k+1])
	}
	return g
}

func (g *greatest) better(i, k int) int {
	if g.values[i] > g.values[k] || g.values[i] == g.values[k] && i < k {
		return i
	}
	return k
}

// set makes the i-th another number.
func (g *greatest) set(i, value int) {
	g.values[i] = value
	for k := (len(g.values) + i) / 2; k > 0; k /= 2 {
		g.winner[k] = g.better(g.winner[2*k], g.winner[2*k+1])
	}
}

// in is the index of the greatest from one to another, the last excluded; -1 if none is there.
func (g *greatest) in(from, to int) int {
	best := -1
	take := func(i int) {
		if best < 0 {
			best = i
		}
		best = g.better(best, i)
	}
	for a, b := from+len(g.values), to+len(g.values); a < b; a, b = a/2, b/2 {
		if a%2 == 1 {
			take(g.winner[a])
			a++
		}
		if b%2 == 1 {
			b--
			take(g.winner[b])
		}
	}
	if best < 0 || g.values[best] <= 0 {
		return -1
	}
	return best
}

// overlaps counts, of some places in a row, how many ranges have each, in logarithmic time: a tree in which a node has what was added to all below it, and the
// least of these.
type overlaps struct {
	size  int
	least []int // below the node, with what was added to it
	added []int
}

func newOverlaps(n int) *overlaps {
	return &overlaps{size: n, least: make([]int, 4*n), added: make([]int, 4*n)}
}

// add adds a number to those from one place to another, the last excluded.
func (o *overlaps) add(from, to, by int) {
	if from < to {
		o.change(1, 0, o.size, from, to, by)
	}
}

func (o *overlaps) change(node, low, high, from, to, by int) {
	if from <= low && high <= to {
		o.least[node] += by
		o.added[node] += by
		return
	}
	middle := (low + high) / 2
	if from < middle {
		o.change(2*node, low, middle, from, to, by)
	}
	if middle < to {
		o.change(2*node+1, middle, high, from, to, by)
	}
	o.least[node] = min(o.least[2*node], o.least[2*node+1]) + o.added[node]
}

// none is the first place from one to another, the last excluded, that no range has; -1 if there is none.
func (o *overlaps) none(from, to int) int {
	if from >= to {
		return -1
	}
	return o.find(1, 0, o.size, from, to, 0)
}

func (o *overlaps) find(node, low, high, from, to, above int) int {
	if high <= from || to <= low || o.least[node]+above > 0 {
		return -1
	}
	if high-low == 1 {
		return low
	}
	middle := (low + high) / 2
	if at := o.find(2*node, low, middle, from, to, above+o.added[node]); at >= 0 {
		return at
	}
	return o.find(2*node+1, middle, high, from, to, above+o.added[node])
}
