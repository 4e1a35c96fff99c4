package serializability

import (
	"synchrony/checkers/internal/digraph"
	"synchrony/models/history"
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

const (
	wwOnly     = digraph.Kinds(1 << WW)
	dataFlow   = wwOnly | 1<<WR
	data       = dataFlow | 1<<RW
	realTime   = digraph.Kinds(1 << RealTime)
	everything = data | realTime
)

// graph is the direct serialization graph. Its nodes are the transactions and
// behind them the links of the real-time chain: a link follows the transactions that
// had returned by some time and the link before it, and precedes the transactions
// invoked after that and the link after it. So there is a path over links from one
// transaction to another exactly if the one had returned before the other was
// invoked, and there are two edges a transaction for that, not n.
type graph struct {
	v *versions
	*digraph.Graph
}

// isLink reports whether a node belongs to the real-time chain.
func (g *graph) isLink(node int32) bool { return int(node) >= g.v.h.Len() }

// newGraph builds the graph. If it is brief, it leaves out ww edges that repeat a wr
// edge, as those of a transaction that read what it replaced: there is a cycle with
// them if there is one without them, but it may have another name.
func newGraph(v *versions, brief bool) *graph {
	chain := newChain(v)
	g := &graph{v: v}
	b := digraph.NewBuilder(len(v.h.Accesses) + 3*v.h.Len())
	g.dataEdges(b, brief)
	chain.edges(b)
	g.Graph = b.Graph(int32(v.h.Len()) + chain.links)
	return g
}

// dataEdges adds the ww, wr and rw edges.
func (g *graph) dataEdges(b *digraph.Builder, brief bool) {
	v, h := g.v, g.v.h
	for tx := range int32(h.Len()) {
		if !v.live[tx] {
			continue
		}
		first := h.Starts[tx]
		for i := first; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			if !a.IsWrite() {
				l := v.version(a.Key(), a.Version)
				if l.owner != tx && l.owner != trace.None {
					add(b, l.owner, tx, WR)
				}
				if l.next != tx && l.next != trace.None {
					add(b, tx, l.next, RW)
				}
				continue
			}
			prev := v.prev(i)
			if prev == history.InitialVersion || prev >= first && prev < i || brief && readBefore(h, first, i, prev) {
				continue
			}
			add(b, v.links[prev].owner, tx, WW)
		}
	}
}

// add adds an edge.
func add(b *digraph.Builder, from, to int32, kind Kind) { b.Add(from, to, digraph.Kind(kind)) }

// readBefore reports whether one of the accesses from first on, and of the last few
// before write i, read the version that it replaced.
func readBefore(h *history.History, first, i, version int32) bool {
	for k := i - 1; k >= max(first, i-8); k-- {
		if a := &h.Accesses[k]; a.Version == version && !a.IsWrite() {
			return true
		}
	}
	return false
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
			if h.Outcomes[returns[r]] != history.Committed {
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

func (c *chain) edges(b *digraph.Builder) {
	for tx, link := range c.after {
		if link != trace.None {
			add(b, int32(tx), link, RealTime)
		}
	}
	for link := int32(1); link < c.links; link++ {
		add(b, c.first+link-1, c.first+link, RealTime)
	}
	for tx, link := range c.before {
		if link != trace.None {
			add(b, link, int32(tx), RealTime)
		}
	}
}
