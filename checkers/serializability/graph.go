package serializability

import (
	"synchrony/models/trace"
)

// Kind is why one transaction must come before another.
type Kind uint8

// The kinds of edges, in Adya's terms but for the last.
const (
	WW       Kind = iota // the second replaced a version that the first wrote
	WR                   // the second read a version that the first wrote
	RW                   // the second replaced a version that the first read
	RealTime             // the first had returned when the second was invoked
)

// String is "ww", "wr", "rw" or "rt".
func (k Kind) String() string { return [...]string{"ww", "wr", "rw", "rt"}[k] }

// Edge is one edge of the direct serialization graph.
type Edge struct {
	From, To int32
	Kind     Kind
}

// kinds is a set of kinds, a bit each.
type kinds uint8

const (
	wwOnly     = kinds(1 << WW)
	dataFlow   = wwOnly | 1<<WR
	data       = dataFlow | 1<<RW
	realTime   = kinds(1 << RealTime)
	everything = data | realTime
)

// graph is the direct serialization graph. Its nodes are the transactions and
// behind them the links of the real-time chain: a link follows the transactions that
// had returned by some time and the link before it, and precedes the transactions
// invoked after that and the link after it. So there is a path over links from one
// transaction to another exactly if the one had returned before the other was
// invoked, and there are two edges a transaction for that, not n.
//
// A node's edges are out[start[node]:start[node+1]], each target<<2 | kind.
type graph struct {
	v     *versions
	nodes int32 // transactions and links
	start []int32
	out   []uint32
}

// isLink reports whether a node belongs to the real-time chain.
func (g *graph) isLink(node int32) bool { return int(node) >= g.v.h.Len() }

func newGraph(v *versions) *graph {
	g := &graph{v: v}
	chain := newChain(v)
	g.nodes = int32(v.h.Len()) + chain.links
	degree := make([]int32, g.nodes+2)
	each := func(edge func(from, to int32, kind Kind)) {
		g.dataEdges(edge)
		chain.edges(edge)
	}
	each(func(from, _ int32, _ Kind) { degree[from+2]++ })
	for i := 2; i < len(degree); i++ {
		degree[i] += degree[i-1]
	}
	g.out = make([]uint32, degree[len(degree)-1])
	each(func(from, to int32, kind Kind) {
		g.out[degree[from+1]] = uint32(to)<<2 | uint32(kind)
		degree[from+1]++
	})
	g.start = degree[:g.nodes+1]
	return g
}

// dataEdges calls edge for every ww, wr and rw edge, by transaction that accesses.
func (g *graph) dataEdges(edge func(from, to int32, kind Kind)) {
	v := g.v
	for i := range v.h.Accesses {
		tx := v.owner[i]
		if !v.live[tx] {
			continue
		}
		a := &v.h.Accesses[i]
		if a.IsWrite() {
			if prev := v.replaced[i]; prev != trace.InitialVersion && v.owner[prev] != tx {
				edge(v.owner[prev], tx, WW)
			}
			continue
		}
		if a.Version != trace.InitialVersion && v.owner[a.Version] != tx {
			edge(v.owner[a.Version], tx, WR)
		}
		if next := v.successor(a.Key(), a.Version); next != trace.None && v.owner[next] != tx {
			edge(tx, v.owner[next], RW)
		}
	}
}

// chain is the real-time order as the graph has it: after[tx] is the link that a
// transaction's return leads to, and before[tx] the one that leads to its invocation,
// or None. Links are numbered from the number of transactions on.
type chain struct {
	first, links  int32
	after, before []int32
}

// newChain merges the invocations and the returns of the live transactions in
// order of time. Those at one time are concurrent.
func newChain(v *versions) *chain {
	h := v.h
	n := int32(h.Len())
	c := &chain{first: n, after: make([]int32, n), before: make([]int32, n)}
	for tx := range n {
		c.after[tx], c.before[tx] = trace.None, trace.None
	}
	returns, r := sortedBy(h.Returned), 0
	for _, tx := range sortedBy(h.Invoked) {
		if !v.live[tx] {
			continue
		}
		fresh := false
		for ; r < len(returns) && h.Returned[returns[r]] < h.Invoked[tx]; r++ {
			if h.Outcomes[returns[r]] != trace.Committed {
				continue // one of unknown outcome may have taken effect after its return
			}
			if !fresh {
				c.links++
				fresh = true
			}
			c.after[returns[r]] = n + c.links - 1
		}
		if c.links > 0 {
			c.before[tx] = n + c.links - 1
		}
	}
	return c
}

func (c *chain) edges(edge func(from, to int32, kind Kind)) {
	for tx, link := range c.after {
		if link != trace.None {
			edge(int32(tx), link, RealTime)
		}
	}
	for link := int32(1); link < c.links; link++ {
		edge(c.first+link-1, c.first+link, RealTime)
	}
	for tx, link := range c.before {
		if link != trace.None {
			edge(link, int32(tx), RealTime)
		}
	}
}
