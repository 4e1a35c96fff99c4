// Package digraph provides directed graphs of millions of nodes whose edges have kinds: a
// builder, and the strongly connected components over some of the kinds. Begin with [Builder].
package digraph

// Kind is the kind of an edge: a number below 8.
type Kind uint8

// Kinds is a set of kinds, a bit each.
type Kinds uint8

// Of is the set of some kinds.
func Of(list ...Kind) Kinds {
	var set Kinds
	for _, k := range list {
		set |= 1 << k
	}
	return set
}

// Has reports whether k is in the set.
func (s Kinds) Has(k Kind) bool { return s&(1<<k) != 0 }

// Edge is an edge as its source has it: the target and the kind.
type Edge uint32

// To is the target.
func (e Edge) To() int32 { return int32(e >> 3) }

// Kind is the edge's kind.
func (e Edge) Kind() Kind { return Kind(e & 7) }

// Graph is a graph. Node n's edges are Out[Start[n]:Start[n+1]].
type Graph struct {
	Nodes int32
	Start []int32
	Out   []Edge
}

// Of returns the edges of a node.
func (g *Graph) Of(node int32) []Edge { return g.Out[g.Start[node]:g.Start[node+1]] }

// Builder collects edges. The zero value is ready.
type Builder struct {
	from []int32
	to   []Edge
}

// NewBuilder has room for so many edges.
func NewBuilder(edges int) *Builder {
	return &Builder{make([]int32, 0, edges), make([]Edge, 0, edges)}
}

// Add adds an edge.
func (b *Builder) Add(from, to int32, kind Kind) {
	b.from = append(b.from, from)
	b.to = append(b.to, Edge(uint32(to)<<3|uint32(kind)))
}

// Graph files the edges by their nodes, in the order in which they were added. The builder is empty then.
func (b *Builder) Graph(nodes int32) *Graph {
	next := make([]int32, nodes+2)
	for _, from := range b.from {
		next[from+2]++
	}
	for i := 2; i < len(next); i++ {
		next[i] += next[i-1]
	}
	out := make([]Edge, len(b.to))
	for i, from := range b.from {
		out[next[from+1]] = b.to[i]
		next[from+1]++
	}
	b.from, b.to = nil, nil
	return &Graph{Nodes: nodes, Start: next[:nodes+1], Out: out}
}
