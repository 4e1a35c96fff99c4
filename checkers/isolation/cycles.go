package isolation

import (
	"slices"

	"synchrony/checkers/internal/digraph"
)

// class is a class of cycles, by its name.
type class struct {
	name  string
	first digraph.Kind  // each has an edge of this kind, with which the search begins
	over  digraph.Kinds // the others are of these, or of an order
	// rws says how many more rw edges there must be: none, any with others between, or one at once after the first.
	rws rws
}

type rws uint8

const (
	noMore rws = iota
	apart      // one or more, none of them next to another
	atOnce     // one after the first, and then any
)

var dataFlow = digraph.Of(WW, WR)

// classes are the phenomena of Adya, and G-nonadjacent, which snapshot isolation forbids, too; from the worst on.
var classes = []class{
	{"G0", WW, digraph.Of(WW), noMore},
	{"G1c", WR, dataFlow, noMore},
	{"G-single", RW, dataFlow, noMore},
	{"G-nonadjacent", RW, dataFlow, apart},
	{"G2-item", RW, digraph.Of(WW, WR, RW), atOnce},
}

// suffixes are by order what the name of a cycle ends in that needs an edge of it.
var suffixes = [...]string{plain: "", session: "-process", realTime: "-realtime"}

// orderKinds is by order the kind of its own edges.
var orderKinds = [...]digraph.Kind{session: Session, realTime: Time}

// budget bounds the search for one shortest cycle, in edges followed.
const budget = 20_000_000

// walker searches breadth first over pairs of a node and what the path to it has been like.
type walker struct {
	*graph
	parts      *digraph.Components
	left       int
	round      int32
	seen       []int32        // by node and state: in which round it was reached
	from       []int32        // by which node and state
	via        []digraph.Kind // and edge
	now, later []int32
}

// The bits of a state, and how many states there are.
const (
	afterRW   int32 = 1 << iota // the last edge was rw
	anotherRW                   // there was an rw edge after the first one
	ordered                     // there was an edge of the order asked for
	states
)

func newWalker(g *graph, parts *digraph.Components) *walker {
	n := g.Nodes * states
	return &walker{graph: g, parts: parts, seen: make([]int32, n), from: make([]int32, n), via: make([]digraph.Kind, n)}
}

// shortest finds a shortest cycle of a class that has an edge of an order, or of none; nil if there is none, or none
// within the budget.
func (w *walker) shortest(c class, o order) []Edge {
	w.left = budget
	var best []Edge
	for _, node := range w.parts.Nodes {
		if !w.isTransaction(node) {
			continue
		}
		w.successors(node, c.first, func(to int32) {
			if w.parts.Of[to] != w.parts.Of[node] || w.left <= 0 || len(best) == 2 {
				return
			}
			if cycle := w.around(node, to, c, o, len(best)); cycle != nil {
				best = cycle
			}
		})
	}
	return best
}

// successors calls visit with the transactions to which edges of a kind lead, through hubs or not.
func (w *walker) successors(node int32, kind digraph.Kind, visit func(to int32)) {
	var hubs []int32
	for _, e := range w.Of(node) {
		if e.Kind() != kind {
			continue
		}
		if w.isTransaction(e.To()) {
			visit(e.To())
		} else {
			hubs = append(hubs, e.To())
		}
	}
	for len(hubs) > 0 {
		h := hubs[len(hubs)-1]
		hubs = hubs[:len(hubs)-1]
		for _, e := range w.Of(h) {
			if w.isTransaction(e.To()) {
				visit(e.To())
			} else {
				hubs = append(hubs, e.To())
			}
		}
	}
}

// around looks for a shortest way back from a class' first edge, shorter than the best unless that is 0.
func (w *walker) around(from, to int32, c class, o order, best int) []Edge {
	w.round++
	state := int32(0)
	if c.first == RW {
		state = afterRW
	}
	start := to*states + state
	w.now, w.later = append(w.now[:0], start), w.later[:0]
	w.seen[start], w.from[start] = w.round, none
	for length := 2; len(w.now) > 0 && (best == 0 || length < best); length++ {
		for k := 0; k < len(w.now); k++ { // what costs nothing is appended
			at := w.now[k]
			if at == start && k > 0 {
				continue
			}
			if end := w.expand(at, from, start, c, o); end != none {
				if cycle := w.cycle(from, end, c); cycle != nil {
					return cycle
				}
			}
		}
		w.now, w.later = w.later, w.now[:0]
	}
	return nil
}

// expand follows the edges of a node, and returns the state in which one leads to the goal, or none.
func (w *walker) expand(at, goal, start int32, c class, o order) int32 {
	node, state := at/states, at%states
	for _, e := range w.Of(node) {
		w.left--
		next, ok := c.follow(state, e.Kind(), o, at == start)
		if !ok || w.parts.Of[e.To()] != w.parts.Of[goal] {
			continue
		}
		id := e.To()*states + next
		if w.seen[id] == w.round {
			continue
		}
		if e.To() == goal && !c.ends(next, o) {
			continue // a cycle would go through the goal twice
		}
		w.seen[id], w.from[id], w.via[id] = w.round, at, e.Kind()
		switch {
		case e.To() == goal:
			return id
		case w.isTransaction(e.To()):
			w.later = append(w.later, id)
		default:
			w.now = append(w.now, id)
		}
	}
	return none
}

// follow is the state after an edge, and whether the class has room for it.
func (c class) follow(state int32, kind digraph.Kind, o order, first bool) (int32, bool) {
	if kind == through {
		return state, true
	}
	if kind == Session || kind == Time {
		if o == plain || kind == Time && o == session || c.rws == atOnce && first {
			return 0, false
		}
		if kind == orderKinds[o] {
			state |= ordered
		}
		return state &^ afterRW, true
	}
	if kind != RW {
		return state &^ afterRW, c.over.Has(kind) && !(c.rws == atOnce && first)
	}
	switch {
	case c.rws == noMore, c.rws == apart && state&afterRW != 0:
		return 0, false
	default:
		return state | afterRW | anotherRW, true
	}
}

// ends reports whether a path in a state closes a cycle of the class.
func (c class) ends(state int32, o order) bool {
	switch {
	case o != plain && state&ordered == 0:
		return false
	case c.rws == noMore:
		return true
	default: // the first edge comes after the last
		return state&anotherRW != 0 && (c.rws == atOnce || state&afterRW == 0)
	}
}

// cycle is the cycle of the first edge and the way found back; nil if a transaction is on it twice.
func (w *walker) cycle(from, end int32, c class) []Edge {
	ids := []int32{}
	for id := end; id != none; id = w.from[id] {
		ids = append(ids, id)
	}
	slices.Reverse(ids)
	cycle := []Edge{{w.ids[from], w.ids[ids[0]/states], c.first}}
	source, kind := ids[0], digraph.Kind(through)
	for i := 1; i < len(ids); i++ {
		if k := w.via[ids[i]]; k != through {
			kind = k
		}
		if to := ids[i] / states; w.isTransaction(to) {
			cycle = append(cycle, Edge{w.ids[source/states], w.ids[to], kind})
			source = ids[i]
		}
	}
	seen := map[int32]bool{}
	for _, e := range cycle {
		if seen[e.From] {
			return nil
		}
		seen[e.From] = true
	}
	return cycle
}
