package isolation

import (
	"cmp"
	"slices"
	"time"

	"synchrony/checkers/internal/digraph"
	"synchrony/models/history"
)

// assumptions are what is taken to tell the order of a register's versions, beside what is certain at any level.
type assumptions struct {
	reads   bool // who read a version and wrote the key has replaced it
	session bool // a process' later write of a key comes later
	time    bool // a write that began when another had returned comes later
	seen    bool // with time: what a read saw comes after what was there when the read began
}

// graph is the direct serialization graph. Its nodes are the transactions, and behind them nodes that stand for many
// edges at once: links of the chain of real time, each of which follows the transactions that had returned by some
// time and the link before it, and precedes those that were invoked after that; and hubs before some of the writers of
// a key.
type graph struct {
	*observed
	*digraph.Graph
	transactions int32   // the nodes below it are transactions
	ids          []int32 // by node below that: the transaction
}

// isTransaction reports whether a node is one.
func (g *graph) isTransaction(node int32) bool { return node < g.transactions }

// drawing is a graph under construction.
type drawing struct {
	*observed
	digraph.Builder
	nodes int32
}

func (o *observed) draw() *drawing { return &drawing{observed: o, nodes: int32(len(o.List))} }

func (d *drawing) graph() *graph {
	n := int32(len(d.List))
	g := &graph{observed: d.observed, Graph: d.Graph(d.nodes), transactions: n, ids: make([]int32, n)}
	for tx := range n {
		g.ids[tx] = tx
	}
	return g
}

// cyclic is the part of the graph that has cycles: the nodes of components of more than one node, and the edges
// within these. All cycles of g are in it.
func (g *graph) cyclic() *graph {
	parts := g.Components(nil, everything)
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
func (o *observed) certain(a assumptions) *graph {
	d := o.draw()
	d.orders()
	d.writeReads()
	if o.Lists {
		d.lists()
	} else {
		d.registers(a)
	}
	return d.graph()
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

// hub is the writers of some versions, in the order in which the versions are given, as the ends of edges that lead
// to all of them but the source itself: node prefix[i] leads to those up to i, and suffix[i] to those from i on.
type hub struct {
	*drawing
	writers        []int32
	prefix, suffix int32 // the first of these nodes, or none if there are so few writers that edges to each will do
}

// fewWriters is how many writers need no nodes of their own.
const fewWriters = 3

func (d *drawing) hub(versions []int32) *hub {
	h := &hub{drawing: d, prefix: none, suffix: none}
	for _, w := range versions {
		h.writers = append(h.writers, d.owner[w])
	}
	n := int32(len(h.writers))
	if n <= fewWriters {
		return h
	}
	h.prefix, h.suffix = d.nodes, d.nodes+n
	d.nodes += 2 * n
	for i := range n {
		d.Add(h.prefix+i, h.writers[i], through)
		d.Add(h.suffix+i, h.writers[i], through)
		if i > 0 {
			d.Add(h.prefix+i, h.prefix+i-1, through)
			d.Add(h.suffix+i-1, h.suffix+i, through)
		}
	}
	return h
}

// before adds edges from a transaction to all writers but itself.
func (h *hub) before(tx int32, kind digraph.Kind) { h.beforeFrom(tx, 0, kind) }

// beforeFrom adds edges from a transaction to the writers from number i on, but itself.
func (h *hub) beforeFrom(tx int32, i int, kind digraph.Kind) {
	if h.prefix == none {
		for _, w := range h.writers[i:] {
			h.edge(tx, w, kind)
		}
		return
	}
	own, found := slices.BinarySearch(h.writers[i:], tx) // versions are in the order of their transactions
	switch {
	case i == len(h.writers):
	case !found:
		h.Add(tx, h.suffix+int32(i), kind)
	default:
		if own > 0 && i == 0 {
			h.Add(tx, h.prefix+int32(own-1), kind)
		}
		for k := i; i > 0 && k < i+own; k++ { // a part of the prefix only
			h.Add(tx, h.writers[k], kind)
		}
		if i+own+1 < len(h.writers) {
			h.Add(tx, h.suffix+int32(i+own+1), kind)
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
}

// precedes reports whether one transaction had returned before another was invoked, or is an earlier one of the same process.
func (o *observed) precedes(first, second int32) bool {
	x, y := &o.List[first], &o.List[second]
	return x.Returned < y.Invoked || x.Process == y.Process && first < second && x.Returned != history.Forever
}

// registers adds the ww and rw edges of registers that are certain by some assumptions.
func (d *drawing) registers(a assumptions) {
	readers := d.readersOf()
	for key, versions := range d.loose {
		if len(versions) == 0 {
			continue
		}
		hub := d.hub(versions)
		for _, tx := range readers[initial-int32(key)] {
			hub.before(tx, RW)
		}
	}
	if a.reads {
		for _, s := range d.readSteps() {
			d.step(s, readers)
		}
	}
	if a.session {
		d.sessionSteps(readers)
	}
	if a.time {
		d.timeSteps(readers, a.seen)
	}
}

// readersOf is by version who read it; of the initial version of key k, by initial-k.
func (o *observed) readersOf() map[int32][]int32 {
	readers := map[int32][]int32{}
	for _, r := range o.reads {
		version := r.version
		if version == initial {
			version -= o.Ops[r.op].Key
		}
		readers[version] = append(readers[version], r.tx)
	}
	return readers
}

// step adds the edges of a step of versions that is known.
func (d *drawing) step(s step, readers map[int32][]int32) {
	to := d.owner[s.after]
	if s.before == initial {
		return // all writers replace it
	}
	d.edge(d.owner[s.before], to, WW)
	for _, tx := range readers[s.before] {
		d.edge(tx, to, RW)
	}
}

// sessionSteps adds the steps between the writes of each process.
func (d *drawing) sessionSteps(readers map[int32][]int32) {
	for _, versions := range d.loose {
		last := map[int32]int32{}
		for _, w := range versions { // in the order of their invocations
			process := d.List[d.owner[w]].Process
			if before, ok := last[process]; ok {
				d.step(step{before, w}, readers)
			}
			last[process] = w
		}
	}
}

// timeSteps adds the steps between a version and all of those whose writers were invoked when it was there, and
// from one that was there to that which a later read still saw.
func (d *drawing) timeSteps(readers map[int32][]int32, seen bool) {
	for _, versions := range d.loose {
		if len(versions) < 2 {
			continue
		}
		hub := d.hub(versions)
		for at, w := range versions {
			x := &d.List[d.owner[w]]
			i, _ := slices.BinarySearchFunc(versions, x.Returned, func(v int32, t time.Duration) int {
				if d.List[d.owner[v]].Invoked <= t {
					return -1
				}
				return 1
			})
			for _, tx := range readers[w] {
				hub.beforeFrom(tx, i, RW)
			}
			for _, other := range versions[at+1 : max(i, at+1)] { // which were under way at the same time
				if !seen {
					break
				}
				d.seenLater(w, other, readers)
				d.seenLater(other, w, readers)
			}
		}
	}
}

// seenLater adds the step from a version to another of which there is a read that began when the first was there.
func (d *drawing) seenLater(first, second int32, readers map[int32][]int32) {
	returned := d.List[d.owner[first]].Returned
	if slices.ContainsFunc(readers[second], func(tx int32) bool { return d.List[tx].Invoked > returned }) {
		d.step(step{first, second}, readers)
	}
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
