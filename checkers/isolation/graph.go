package isolation

import (
	"cmp"
	"slices"

	"synchrony/checkers/internal/digraph"
	"synchrony/models/history"
)

// graph is the direct serialization graph. Its nodes are the transactions, and behind them nodes that stand for many
// edges at once: links of the chain of real time, each of which follows the transactions that had returned by some
// time and the link before it, and precedes those that were invoked after that; and hubs before some of the writers of
// a key.
type graph struct {
	*observed
	*digraph.Graph
	transactions int32               // the nodes below it are transactions
	ids          []int32             // by node below that: the transaction
	parts        *digraph.Components // over all edges, once they were asked for
}

// components are those of some nodes over all edges; of all nodes if that is nil, which is found once.
func (g *graph) components(among []int32) *digraph.Components {
	if among != nil {
		return g.Components(among, everything)
	}
	if g.parts == nil {
		g.parts = g.Components(nil, everything)
	}
	return g.parts
}

// isTransaction reports whether a node is one.
func (g *graph) isTransaction(node int32) bool { return node < g.transactions }

// drawing is a graph under construction.
type drawing struct {
	*observed
	digraph.Builder
	nodes int32
	links int32 // the nodes below it are transactions, and links of time
	pairs int   // of writes under way at the same time that were looked at
}

// draw begins a graph, with room for the edges of time, of sessions, of reads and of versions.
func (o *observed) draw() *drawing {
	room := 4*len(o.List) + 2*len(o.reads) + len(o.Ops)
	return &drawing{observed: o, Builder: *digraph.NewBuilder(room), nodes: int32(len(o.List))}
}

func (d *drawing) graph() *graph {
	n := int32(len(d.List))
	g := &graph{observed: d.observed, Graph: d.Graph(d.nodes), transactions: n, ids: make([]int32, n)}
	for tx := range n {
		g.ids[tx] = tx
	}
	return g
}

// cyclic is the part of the graph that has cycles: the nodes of components of more than one node, and the edges
// within these. All cycles of g are in it, or all among some nodes if they are given.
func (g *graph) cyclic(among []int32) *graph {
	parts := g.components(among)
	part := &graph{observed: g.observed}
	number := make([]int32, g.Nodes)
	nodes := slices.Sorted(slices.Values(parts.Nodes)) // the transactions come first again
	for i, node := range nodes {
		number[node] = int32(i)
		if g.isTransaction(node) {
			part.transactions++
			part.ids = append(part.ids, g.ids[node])
		}
	}
	var b digraph.Builder
	for i, node := range nodes {
		for _, e := range g.Of(node) {
			if parts.Of[e.To()] == parts.Of[node] {
				b.Add(int32(i), number[e.To()], e.Kind())
			}
		}
	}
	part.Graph = b.Graph(int32(len(nodes)))
	return part
}

// edge adds an edge, unless it is of a transaction to itself.
func (d *drawing) edge(from, to int32, kind digraph.Kind) {
	if from != to {
		d.Add(from, to, kind)
	}
}

// certain is the graph of what is known of the order of versions.
func (o *observed) certain(a assumptions) *graph { return o.drawn(a).graph() }

// drawn is that graph under construction.
func (o *observed) drawn(a assumptions) *drawing {
	d := o.draw()
	d.orders()
	d.writeReads()
	if o.Lists {
		d.lists()
	} else {
		d.registers(a)
	}
	return d
}

// writeReads adds the wr edges.
func (d *drawing) writeReads() {
	for _, r := range d.reads {
		if r.version != initial && d.live[d.owner[r.version]] {
			d.edge(d.owner[r.version], r.tx, WR)
		}
	}
}

// placeOf is the place in its key's order of the version that a read saw: 0 for initial.
func (o *observed) placeOf(r read) int32 {
	if r.version == initial {
		return 0
	}
	return o.place[r.version]
}

// lists adds the ww and rw edges of lists: each version replaced the one before it, and all that nobody read replaced
// the last that somebody did.
func (d *drawing) lists() {
	for _, order := range d.order {
		for i := 1; i < len(order); i++ {
			d.edge(d.owner[order[i-1]], d.owner[order[i]], WW)
		}
	}
	last := make([][]int32, len(d.Keys)) // by key: who read the last version
	for _, r := range d.reads {
		key := d.Ops[r.op].Key
		if place := d.placeOf(r); int(place) < len(d.order[key]) {
			d.edge(r.tx, d.owner[d.order[key][place]], RW)
		} else if len(d.loose[key]) > 0 {
			last[key] = append(last[key], r.tx)
		}
	}
	for key, loose := range d.loose {
		if len(loose) == 0 {
			continue
		}
		hub := d.hub(loose)
		for _, tx := range last[key] {
			hub.before(tx, RW)
		}
		if n := len(d.order[key]); n > 0 {
			hub.before(d.owner[d.order[key][n-1]], WW)
		}
	}
}

// orders adds the edges of sessions and of real time.
func (d *drawing) orders() {
	last := map[int32]int32{} // by process
	var invoked, returned []int32
	for tx := range int32(len(d.List)) {
		if !d.live[tx] {
			continue
		}
		x := &d.List[tx]
		if before, ok := last[x.Process]; ok {
			d.Add(before, tx, Session)
		}
		last[x.Process] = tx
		invoked = append(invoked, tx)
		if x.Returned != history.Forever {
			returned = append(returned, tx)
		}
	}
	slices.SortStableFunc(invoked, func(x, y int32) int { return cmp.Compare(d.List[x].Invoked, d.List[y].Invoked) })
	slices.SortStableFunc(returned, func(x, y int32) int { return cmp.Compare(d.List[x].Returned, d.List[y].Returned) })
	link, r := none, 0
	for _, tx := range invoked {
		fresh := false
		for ; r < len(returned) && d.List[returned[r]].Returned < d.List[tx].Invoked; r++ {
			if !fresh {
				fresh = true
				d.nodes++
				if link != none {
					d.Add(link, d.nodes-1, Time)
				}
				link = d.nodes - 1
			}
			d.Add(returned[r], link, Time)
		}
		if link != none {
			d.Add(link, tx, Time)
		}
	}
	d.links = d.nodes
}

// arranged is the graph of versions in full orders, by key; each replaced the one before it.
func (o *observed) arranged(orders [][]int32) *graph {
	d := o.draw()
	d.orders()
	d.writeReads()
	next := make(map[int32]int32, len(o.reads)) // by version; of the initial one of key k, by initial-k
	for key, order := range orders {
		before := initial - int32(key)
		for i, w := range order {
			if i > 0 {
				d.edge(d.owner[before], d.owner[w], WW)
			}
			next[before] = w
			before = w
		}
	}
	for _, r := range d.reads {
		before := r.version
		key := d.Ops[r.op].Key
		if place := d.placeOf(r); before != initial && !d.live[d.owner[before]] {
			before = initial // of one that was aborted: what counts is the one before it
			if place > 0 {
				before = d.order[key][place-1]
			}
		}
		if before == initial {
			before -= key
		}
		if w, ok := next[before]; ok {
			d.edge(r.tx, d.owner[w], RW)
		}
	}
	return d.graph()
}
