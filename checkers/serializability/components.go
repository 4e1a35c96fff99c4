package serializability

// components are the strongly connected components of a part of the graph.
type components struct {
	of     []int32 // by node, or -1: numbered from 0, each after those it leads to
	sizes  []int32
	nodes  []int32 // of the non-trivial components, component by component
	bounds []int32 // where they begin in nodes, and its length
}

// cyclic reports whether there is a component of more than one node.
func (c *components) cyclic() bool { return len(c.bounds) > 1 }

// components finds the strongly connected components of the nodes given, or of all
// if that is nil, over edges of the kinds given (Tarjan, "Depth-First Search and
// Linear Graph Algorithms", SIAM J. Comput. 1972), without recursion.
func (g *graph) components(among []int32, over kinds) *components {
	t := &tarjan{
		graph: g, over: over, number: make([]int32, g.nodes), low: make([]int32, g.nodes),
		found: &components{of: make([]int32, g.nodes), bounds: []int32{0}},
	}
	for i := range t.found.of {
		t.found.of[i] = -1
	}
	if among == nil {
		for node := range g.nodes {
			t.search(node)
		}
		return t.found
	}
	// What is not among the nodes counts as done.
	for i := range t.number {
		t.number[i] = 1
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
	*graph
	over        kinds
	number, low []int32 // order of discovery, from 1; the least number known to be reached
	count       int32
	stack       []int32
	path        []frame
	found       *components
}

type frame struct{ node, edge int32 }

func (t *tarjan) enter(node int32) {
	t.count++
	t.number[node], t.low[node] = t.count, t.count
	t.stack = append(t.stack, node)
	t.path = append(t.path, frame{node, t.start[node]})
}

func (t *tarjan) search(root int32) {
	if t.number[root] != 0 {
		return
	}
	t.enter(root)
	for len(t.path) > 0 {
		f := &t.path[len(t.path)-1]
		node := f.node
		descended := false
		for end := t.start[node+1]; f.edge < end; {
			e := t.out[f.edge]
			f.edge++
			if t.over&(1<<(e&3)) == 0 {
				continue
			}
			to := int32(e >> 2)
			if t.number[to] == 0 {
				t.enter(to)
				descended = true
				break
			}
			if t.found.of[to] < 0 && t.low[to] != 0 {
				t.low[node] = min(t.low[node], t.number[to])
			}
		}
		if descended {
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

// pop takes the component of which root was discovered first off the stack.
func (t *tarjan) pop(root int32) {
	c := t.found
	at := len(t.stack) - 1
	for t.stack[at] != root {
		at--
	}
	number := int32(len(c.sizes))
	for _, node := range t.stack[at:] {
		c.of[node] = number
	}
	size := len(t.stack) - at
	c.sizes = append(c.sizes, int32(size))
	if size > 1 {
		c.nodes = append(c.nodes, t.stack[at:]...)
		c.bounds = append(c.bounds, int32(len(c.nodes)))
	}
	t.stack = t.stack[:at]
}

// serialOrder is the live transactions in a topological order of a graph without
// cycles: components are numbered from the last on.
func (g *graph) serialOrder(c *components) []int32 {
	at := make([]int32, len(c.sizes))
	for node, number := range c.of {
		at[number] = int32(node)
	}
	var order []int32
	for i := len(at) - 1; i >= 0; i-- {
		if node := at[i]; !g.isLink(node) && g.v.live[node] {
			order = append(order, node)
		}
	}
	return order
}
