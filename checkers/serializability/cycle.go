package serializability

import "synchrony/checkers/internal/digraph"

// budget bounds the search for shortest cycles, in edges followed. It is plenty for
// cycles in components of some thousand transactions; in larger ones the cycle found
// is the shortest through the transactions that the budget lasted for.
const budget = 50_000_000

// class is a class of anomalies: cycles over edges of some kinds, with exactly one
// rw edge, which is not among them, or with any.
type class struct {
	over   digraph.Kinds
	single bool
}

// classes are all, from the worst on: each of the phenomena of Adya, and then the
// same with real-time edges.
var classes = []class{
	{wwOnly, false}, {dataFlow, false}, {dataFlow, true}, {data, false},
	{wwOnly | realTime, false}, {dataFlow | realTime, false}, {dataFlow | realTime, true}, {everything, false},
}

// worstCycle returns a shortest cycle of the worst class that there is in the
// components.
func (g *graph) worstCycle(c *digraph.Components) []Edge {
	s := &search{graph: g, left: budget, seen: make([]int32, g.Nodes), from: make([]int32, g.Nodes), via: make([]Kind, g.Nodes)}
	for _, class := range classes {
		if cycle := s.shortest(c, class); cycle != nil {
			return cycle
		}
		// What is left is for the last class, which there is, and for some more.
		s.left = max(s.left, budget/10)
	}
	return nil
}

// search is a breadth-first search over the nodes of one component.
type search struct {
	*graph
	left  int     // of the budget
	round int32   // of the search
	seen  []int32 // in which round a node was reached
	from  []int32 // by which node
	via   []Kind  // and edge
	// The nodes to expand at this distance, and at the next. A link costs nothing.
	now, next []int32
}

func (s *search) shortest(c *digraph.Components, class class) []Edge {
	if class.single {
		return s.shortestSingle(c, class.over)
	}
	var best []Edge
	sub := s.Components(c.Nodes, class.over)
	for _, node := range sub.Nodes {
		if s.isLink(node) || best != nil && (len(best) == 2 || s.left <= 0) {
			continue
		}
		if s.reach(node, node, class.over, sub, len(best)) {
			best = s.path(node, node)
		}
	}
	return best
}

// shortestSingle looks for a cycle of one rw edge and otherwise edges of other
// kinds.
func (s *search) shortestSingle(c *digraph.Components, over digraph.Kinds) []Edge {
	var best []Edge
	for _, node := range c.Nodes {
		if s.isLink(node) {
			continue
		}
		for _, e := range s.Of(node) {
			to := e.To()
			if Kind(e.Kind()) != RW || c.Of[to] != c.Of[node] || len(best) == 2 || s.left <= 0 {
				continue
			}
			if s.reach(to, node, over, c, max(0, len(best)-1)) {
				best = append([]Edge{{node, to, RW}}, s.path(to, node)...)
			}
		}
	}
	return best
}

// reach searches for the shortest path of one edge or more from a node to another of
// its component, shorter than limit unless that is 0.
func (s *search) reach(from, to int32, over digraph.Kinds, c *digraph.Components, limit int) bool {
	s.round++
	s.now, s.next = append(s.now[:0], from), s.next[:0]
	for distance := 1; len(s.now) > 0 && (limit == 0 || distance < limit); distance++ {
		for k := 0; k < len(s.now); k++ { // links found are appended
			node := s.now[k]
			for _, e := range s.Of(node) {
				s.left--
				target := e.To()
				if !over.Has(e.Kind()) || c.Of[target] != c.Of[from] || s.seen[target] == s.round {
					continue
				}
				s.seen[target], s.from[target], s.via[target] = s.round, node, Kind(e.Kind())
				switch {
				case target == to:
					return true
				case s.isLink(target):
					s.now = append(s.now, target)
				default:
					s.next = append(s.next, target)
				}
			}
		}
		s.now, s.next = s.next, s.now[:0]
	}
	return false
}

// path is the path that reach found, with links left out.
func (s *search) path(from, to int32) []Edge {
	var reversed []Edge
	for node := to; ; {
		prev, kind := s.from[node], s.via[node]
		for s.isLink(prev) {
			prev = s.from[prev]
		}
		reversed = append(reversed, Edge{prev, node, kind})
		if node = prev; node == from {
			break
		}
	}
	path := make([]Edge, 0, len(reversed))
	for i := len(reversed) - 1; i >= 0; i-- {
		path = append(path, reversed[i])
	}
	return path
}

// anomaly is the name of a cycle.
func anomaly(cycle []Edge) string {
	var count [4]int
	for _, e := range cycle {
		count[e.Kind]++
	}
	name := "G2-item"
	switch {
	case count[RW] == 1:
		name = "G-single"
	case count[RW] == 0 && count[WR] > 0:
		name = "G1c"
	case count[RW] == 0:
		name = "G0"
	}
	if count[RealTime] > 0 {
		name += "-realtime"
	}
	return name
}
