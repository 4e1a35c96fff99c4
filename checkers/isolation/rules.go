package isolation

import (
	"synchrony/checkers"
	"synchrony/checkers/internal/digraph"
)

// violates reports whether there is a cycle that a level forbids, of those that forbid nothing but cycles: Pass means that there is none, and Unknown that the
// graph is too large to tell. All of its cycles are in its cyclic part, which is smaller.
func (g *graph) violates(l Level) checkers.Status {
	over := l.order.kinds() | digraph.Of(through)
	var forbidden bool
	switch l.rule {
	case uncommitted:
		forbidden = g.cycle(over | digraph.Of(WW))
	case committed:
		forbidden = g.cycle(over | dataFlow)
	case parallel:
		if forbidden = g.cycle(over | dataFlow); !forbidden {
			return g.singles(over|dataFlow, g.rws)
		}
	case snapshot:
		forbidden = g.apart(over | dataFlow)
	default:
		forbidden = g.cycle(over | dataFlow | digraph.Of(RW))
	}
	if forbidden {
		return checkers.Fail
	}
	return checkers.Pass
}

func (g *graph) cycle(over digraph.Kinds) bool { return g.Components(nil, over).Cyclic() }

// apart reports whether there is a cycle in which no two rw edges are next to each other: one of the graph of pairs
// of a node and whether an rw edge leads to it.
func (g *graph) apart(over digraph.Kinds) bool {
	var b digraph.Builder
	for node := range g.Nodes {
		for _, x := range g.Of(node) {
			from, to := 2*node, 2*x.To()
			switch {
			case x.Kind() == RW:
				b.Add(from, to+1, RW)
			case x.Kind() == through:
				b.Add(from, to, through)
				b.Add(from+1, to+1, through)
			case over.Has(x.Kind()):
				b.Add(from, to, x.Kind())
				b.Add(from+1, to, x.Kind())
			}
		}
	}
	return b.Graph(2*g.Nodes).Components(nil, everything).Cyclic()
}

// exactNodes is how many nodes a part may have of which all pairs are compared.
const exactNodes = 16_000

// singles reports whether there is a way back, over edges of some kinds, from the end to the start of one of some
// pairs of transactions.
func (g *graph) singles(over digraph.Kinds, pairs func(visit func(from, to int32))) checkers.Status {
	if g.Nodes > exactNodes {
		return checkers.Unknown
	}
	reach := newClosure(g.Nodes)
	for _, node := range g.topological(over) {
		for _, x := range g.Of(node) {
			if over.Has(x.Kind()) {
				reach.include(node, x.To())
			}
		}
	}
	status := checkers.Pass
	pairs(func(from, to int32) {
		if reach.has(to, from) {
			status = checkers.Fail
		}
	})
	return status
}

// topological is the nodes, each after those that edges of some kinds, which have no cycle, lead it to.
func (g *graph) topological(over digraph.Kinds) []int32 {
	parts := g.Components(nil, over)
	order := make([]int32, g.Nodes)
	for node, number := range parts.Of {
		order[number] = int32(node)
	}
	return order
}

// rws are the pairs of an rw edge.
func (g *graph) rws(visit func(from, to int32)) {
	for node := range g.transactions {
		for _, x := range g.Of(node) {
			if x.Kind() != RW {
				continue
			}
			if g.isTransaction(x.To()) {
				visit(node, x.To())
			} else {
				g.ends(x.To(), func(to int32) { visit(node, to) })
			}
		}
	}
}

// ends calls visit with the transactions that a hub stands for.
func (g *graph) ends(hub int32, visit func(to int32)) {
	for _, x := range g.Of(hub) {
		if g.isTransaction(x.To()) {
			visit(x.To())
		} else {
			g.ends(x.To(), visit)
		}
	}
}

// closure is which nodes are reached from which, a bit each.
type closure struct {
	words int32
	bits  []uint64
}

func newClosure(n int32) *closure {
	words := (n + 63) / 64
	return &closure{words, make([]uint64, n*words)}
}

func (c *closure) row(n int32) []uint64 { return c.bits[n*c.words : (n+1)*c.words] }

func (c *closure) has(from, to int32) bool { return c.row(from)[to/64]>>(to%64)&1 != 0 }

// include notes an edge: from reaches to and all that to reaches.
func (c *closure) include(from, to int32) {
	row := c.row(from)
	row[to/64] |= 1 << (to % 64)
	for i, w := range c.row(to) {
		row[i] |= w
	}
}
