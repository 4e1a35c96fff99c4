package isolation

import (
	"synchrony/checkers"
	"synchrony/checkers/internal/digraph"
)

// evidence is what a level's rule is asked about: a graph's cyclic part, and which versions come after which.
type evidence struct {
	*graph
	// orders is by key the versions in order, if that is known in full; else the order is as observed.
	orders [][]int32
	places map[int32]int // by version: its place in orders
}

// violates reports whether there is a cycle that a level forbids: Pass means that there is none, and Unknown that the
// part was too large to tell.
func (e *evidence) violates(l Level) checkers.Status {
	over := l.order.kinds() | digraph.Of(through)
	var forbidden bool
	switch l.rule {
	case uncommitted:
		forbidden = e.cycle(over | digraph.Of(WW))
	case committed:
		forbidden = e.cycle(over | dataFlow)
	case atomic:
		forbidden = e.cycle(over|dataFlow) || e.fractured()
	case causal:
		if forbidden = e.cycle(over | dataFlow); !forbidden {
			return e.singles(over|digraph.Of(WR), e.later)
		}
	case parallel:
		if forbidden = e.cycle(over | dataFlow); !forbidden {
			return e.singles(over|dataFlow, e.rws)
		}
	case snapshot:
		forbidden = e.apart(over | dataFlow)
	default:
		forbidden = e.cycle(over | dataFlow | digraph.Of(RW))
	}
	if forbidden {
		return checkers.Fail
	}
	return checkers.Pass
}

func (e *evidence) cycle(over digraph.Kinds) bool { return e.Components(nil, over).Cyclic() }

// apart reports whether there is a cycle in which no two rw edges are next to each other: one of the graph of pairs
// of a node and whether an rw edge leads to it.
func (e *evidence) apart(over digraph.Kinds) bool {
	var b digraph.Builder
	for node := range e.Nodes {
		for _, x := range e.Of(node) {
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
	return b.Graph(2*e.Nodes).Components(nil, everything).Cyclic()
}

// exactNodes is how many nodes a part may have of which all pairs are compared.
const exactNodes = 16_000

// singles reports whether there is a way back, over edges of some kinds, from the end to the start of one of some
// pairs of transactions.
func (e *evidence) singles(over digraph.Kinds, pairs func(visit func(from, to int32))) checkers.Status {
	if e.Nodes > exactNodes {
		return checkers.Unknown
	}
	reach := newClosure(e.Nodes)
	for _, node := range e.topological(over) {
		for _, x := range e.Of(node) {
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
func (e *evidence) rws(visit func(from, to int32)) {
	for node := range e.transactions {
		for _, x := range e.Of(node) {
			if x.Kind() != RW {
				continue
			}
			if e.isTransaction(x.To()) {
				visit(node, x.To())
			} else {
				e.ends(x.To(), func(to int32) { visit(node, to) })
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

// later are the pairs of a transaction that read a version and one that wrote a later one.
func (e *evidence) later(visit func(from, to int32)) {
	node := map[int32]int32{} // by transaction
	for n, tx := range e.ids {
		node[tx] = int32(n)
	}
	for _, r := range e.reads {
		from, ok := node[r.tx]
		if !ok {
			continue
		}
		for _, list := range e.after(r) {
			for _, w := range list {
				if to, ok := node[e.owner[w]]; ok && to != from {
					visit(from, to)
				}
			}
		}
	}
}

// after lists the versions that come after the one that a read saw.
func (e *evidence) after(r read) [2][]int32 {
	key := e.Ops[r.op].Key
	if e.orders != nil {
		return [2][]int32{e.orders[key][e.placeIn(r):]}
	}
	switch place := e.placeOf(r); {
	case place > 0 || r.version == initial:
		return [2][]int32{e.order[key][place:], e.loose[key]}
	default:
		return [2][]int32{}
	}
}

// fractured reports whether a transaction saw one write of another and missed a second one. In full orders the two are on a cycle.
func (e *evidence) fractured() bool {
	there := map[int32]bool{}
	for _, tx := range e.ids {
		there[tx] = true
	}
	for first := 0; first < len(e.reads); {
		end := first + 1
		for end < len(e.reads) && e.reads[end].tx == e.reads[first].tx {
			end++
		}
		if e.orders != nil && !there[e.reads[first].tx] {
			first = end
			continue
		}
		seen := map[int32]read{} // by key: what the transaction read first
		for _, r := range e.reads[first:end] {
			if key := e.Ops[r.op].Key; e.prev[r.op] == none {
				seen[key] = r
			}
		}
		for _, r := range e.reads[first:end] {
			if r.version != initial && e.misses(seen, e.owner[r.version]) {
				return true
			}
		}
		first = end
	}
	return false
}

// misses reports whether one of some reads, by key, saw an older version than a transaction wrote.
func (e *evidence) misses(seen map[int32]read, writer int32) bool {
	for i := e.List[writer].First; i < e.List[writer].End; i++ {
		if r, ok := seen[e.Ops[i].Key]; ok && e.Ops[i].Write && e.lastOwn(i) && e.isAfter(r, i) {
			return true
		}
	}
	return false
}

// isAfter reports whether a version comes after the one that a read saw.
func (e *evidence) isAfter(r read, version int32) bool {
	if r.version == initial {
		return true
	}
	if e.orders != nil {
		return e.placeIn(r) < e.places[version]
	}
	place := e.placeOf(r)
	return place > 0 && (e.place[version] == 0 || e.place[version] > place)
}

// placeIn is the place in orders of the version that a read saw.
func (e *evidence) placeIn(r read) int {
	switch {
	case r.version == initial:
		return 0
	case e.live[e.owner[r.version]]:
		return e.places[r.version]
	}
	if p := e.place[r.version]; p > 0 { // of one that was aborted: what counts is the one before it
		return e.places[e.order[e.Ops[r.op].Key][p-1]]
	}
	return 0
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
