package digraph

// Components are the strongly connected components of a part of a graph.
type Components struct {
	Of     []int32 // by node, or -1: numbered from 0, each after those it leads to
	Count  int32
	Nodes  []int32 // of the components of more than one node, component by component
	Bounds []int32 // where they begin in Nodes, and its length
}

// Cyclic reports whether there is a component of more than one node.
func (c *Components) Cyclic() bool { return len(c.Bounds) > 1 }

// Components finds the strongly connected components of the nodes given, or of all
// if that is nil, over edges of the kinds given (Tarjan, "Depth-First Search and
// Linear Graph Algorithms", SIAM J. Comput. 1972), without recursion.
func (g *Graph) Components(among []int32, over Kinds) *Components {
	t := &tarjan{
		Graph: g, over: over, number: make([]int32, g.Nodes), low: make([]int32, g.Nodes),
		found: &Components{Of: make([]int32, g.Nodes), Bounds: []int32{0}},
	}
	for i := range t.found.Of {
		t.found.Of[i] = -1
	}
	if among == nil {
		for node := range g.Nodes {
			t.search(node)
		}
		return t.found
	}
	for i := range t.number {
		t.number[i] = 1 // what is not among the nodes counts as done
	}
	for _, node := range among {
		t.number[node] = 0
	}
	t.count = 1
	for _, node := range among {
		t.search(node)
	}
	return t.found
}

// tarjan is a search under way. A node is on the stack if it has a number and no
// component yet, and is among those searched.
type tarjan struct {
	*Graph
	over        Kinds
	number, low []int32 // order of discovery, from 1; the least number known to be reached
	count       int32
	stack       []int32
	path        []frame
	found       *Components
}

type frame struct{ node, edge int32 }

func (t *tarjan) enter(node int32) {
	t.count++
	t.number[node], t.low[node] = t.count, t.count
	t.stack = append(t.stack, node)
	t.path = append(t.path, frame{node, t.Start[node]})
}

func (t *tarjan) search(root int32) {
	if t.number[root] != 0 {
		return
	}
	t.enter(root)
	for len(t.path) > 0 {
		f := &t.path[len(t.path)-1]
		node := f.node
		if t.descend(f) {
			continue
		}
		t.path = t.path[:len(t.path)-1]
		if len(t.path) > 0 {
			parent := t.path[len(t.path)-1].node
			t.low[parent] = min(t.low[parent], t.low[node])
		}
		if t.low[node] == t.number[node] {
			t.pop(node)
		}
	}
}

// descend goes on with a node's edges, and reports whether one led to a node that was not known.
func (t *tarjan) descend(f *frame) bool {
	node := f.node
	for end := t.Start[node+1]; f.edge < end; {
		e := t.Out[f.edge]
		f.edge++
		if !t.over.Has(e.Kind()) {
			continue
		}
		to := e.To()
		if t.number[to] == 0 {
			t.enter(to)
			return true
		}
		if t.found.Of[to] < 0 && t.low[to] != 0 {
			t.low[node] = min(t.low[node], t.number[to])
		}
	}
	return false
}

// pop takes the component of which root was discovered first off the stack.
func (t *tarjan) pop(root int32) {
	c := t.found
	at := len(t.stack) - 1
	for t.stack[at] != root {
		at--
	}
	for _, node := range t.stack[at:] {
		c.Of[node] = c.Count
	}
	c.Count++
	if len(t.stack)-at > 1 {
		c.Nodes = append(c.Nodes, t.stack[at:]...)
		c.Bounds = append(c.Bounds, int32(len(c.Nodes)))
	}
	t.stack = t.stack[:at]
}
