package html

import (
	"cmp"
	"slices"
)

// Sizes of a drawn graph, in pixels.
const (
	nodeHeight = 34
	nodeGap    = 22 // between neighbours of a layer
	layerGap   = 56 // between layers
	edgeLane   = 10 // what an edge takes that passes through a layer
	margin     = 14
	sweeps     = 12 // of the ordering and the placing, each
)

// point is a place in a drawing, in pixels from its upper left corner.
type point struct{ X, Y int }

// drawing is a graph with a place for everything.
type drawing struct {
	Width, Height int
	Nodes         []point   // centres
	Edges         [][]point // from the lower border of a node to the upper one of another, by way of the layers between
	Back          []bool    // the edge closes a cycle: its points run from the lower node up
}

// layout draws a directed graph in layers, so that edges point down: it reverses what closes
// cycles, gives each node the layer after the last of those before it, orders the layers by
// barycentres so that few edges cross, and places each node near its neighbours (Sugiyama,
// Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
// Structures", IEEE Trans. SMC 1981). It is deterministic, and takes
// O(sweeps · (nodes + edges · layers)) time, sorting apart.
//
// widths are the nodes' widths in pixels; edges with equal ends are left without points.
func layout(widths []int, edges [][2]int) drawing {
	l := &layering{}
	for _, w := range widths {
		l.add(w)
	}
	back := backEdges(len(widths), edges)
	l.rank(edges, back)
	chains := l.chains(edges, back)
	l.order()
	l.place()
	return l.draw(len(widths), chains, back)
}

// layering is a graph in layers. Its nodes are those of the graph, then a dummy for each layer
// that an edge passes through.
type layering struct {
	width    []int
	layer    []int
	up, down [][]int // neighbours in the layers above and below
	layers   [][]int // nodes from left to right
	x        []float64
}

func (l *layering) add(width int) int {
	l.width = append(l.width, width)
	l.layer = append(l.layer, 0)
	l.up, l.down = append(l.up, nil), append(l.down, nil)
	return len(l.width) - 1
}

// backEdges marks the edges that close a cycle on a depth-first walk in order of the nodes.
func backEdges(nodes int, edges [][2]int) []bool {
	out := make([][]int, nodes)
	for i, e := range edges {
		out[e[0]] = append(out[e[0]], i)
	}
	back := make([]bool, len(edges))
	const onPath, done = 1, 2
	state := make([]int, nodes)
	next := make([]int, nodes) // of out, to be followed
	for root := range nodes {
		if state[root] != 0 {
			continue
		}
		state[root] = onPath
		for path := []int{root}; len(path) > 0; {
			node := path[len(path)-1]
			if next[node] == len(out[node]) {
				state[node], path = done, path[:len(path)-1]
				continue
			}
			e := out[node][next[node]]
			next[node]++
			switch to := edges[e][1]; state[to] {
			case onPath:
				back[e] = true
			case 0:
				state[to], path = onPath, append(path, to)
			}
		}
	}
	return back
}

// forward returns an edge's upper and lower end.
func forward(e [2]int, back bool) (from, to int) {
	if back {
		return e[1], e[0]
	}
	return e[0], e[1]
}

// rank gives each node its layer: the length of the longest path to it.
func (l *layering) rank(edges [][2]int, back []bool) {
	n := len(l.width)
	out, left := make([][]int, n), make([]int, n)
	for i, e := range edges {
		if from, to := forward(e, back[i]); from != to {
			out[from] = append(out[from], to)
			left[to]++
		}
	}
	var ready []int
	for i := range n {
		if left[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		node := ready[0]
		ready = ready[1:]
		for _, to := range out[node] {
			l.layer[to] = max(l.layer[to], l.layer[node]+1)
			if left[to]--; left[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
}

// chains splits each edge into pieces from layer to layer, by dummies, and returns the nodes of each.
func (l *layering) chains(edges [][2]int, back []bool) [][]int {
	chains := make([][]int, len(edges))
	for i, e := range edges {
		from, to := forward(e, back[i])
		if from == to {
			continue
		}
		chain := []int{from}
		for k := l.layer[from] + 1; k < l.layer[to]; k++ {
			dummy := l.add(edgeLane)
			l.layer[dummy] = k
			chain = append(chain, dummy)
		}
		chain = append(chain, to)
		for k := 1; k < len(chain); k++ {
			l.down[chain[k-1]] = append(l.down[chain[k-1]], chain[k])
			l.up[chain[k]] = append(l.up[chain[k]], chain[k-1])
		}
		chains[i] = chain
	}
	return chains
}

// order arranges each layer by the mean position of its nodes' neighbours, downwards and upwards in turn.
func (l *layering) order() {
	for node, k := range l.layer {
		for len(l.layers) <= k {
			l.layers = append(l.layers, nil)
		}
		l.layers[k] = append(l.layers[k], node)
	}
	position := make([]float64, len(l.width))
	number := func(layer []int) {
		for i, node := range layer {
			position[node] = float64(i)
		}
	}
	for _, layer := range l.layers {
		number(layer)
	}
	for sweep := range sweeps {
		for k := range l.layers {
			near := l.up
			if sweep%2 == 1 {
				k, near = len(l.layers)-1-k, l.down
			}
			layer := l.layers[k]
			for _, node := range layer {
				position[node] = mean(near[node], position)
			}
			slices.SortStableFunc(layer, func(a, b int) int { return cmp.Compare(position[a], position[b]) })
			number(layer)
		}
	}
}

// mean is the mean of the nodes' values; -1 if there are none, so that a node without neighbours comes first.
func mean(nodes []int, value []float64) float64 {
	if len(nodes) == 0 {
		return -1
	}
	sum := 0.0
	for _, node := range nodes {
		sum += value[node]
	}
	return sum / float64(len(nodes))
}

// place gives each node its x: as near to the mean of its neighbours as the order allows.
func (l *layering) place() {
	l.x = make([]float64, len(l.width))
	for _, layer := range l.layers {
		l.push(layer, func(int) float64 { return 0 })
	}
	for sweep := range sweeps {
		for k := range l.layers {
			near := l.up
			if sweep%2 == 1 {
				k, near = len(l.layers)-1-k, l.down
			}
			wanted := func(node int) float64 {
				if len(near[node]) == 0 {
					return l.x[node]
				}
				return mean(near[node], l.x)
			}
			l.push(l.layers[k], wanted)
		}
	}
}

// push places a layer where its nodes want to be, apart from each other: the mean of the solution that
// pushes to the right and of the one that pushes to the left.
func (l *layering) push(layer []int, wanted func(node int) float64) {
	right, left := make([]float64, len(layer)), make([]float64, len(layer))
	for i, node := range layer {
		right[i] = wanted(node)
		left[i] = right[i]
		if i > 0 {
			right[i] = max(right[i], right[i-1]+l.apart(layer[i-1], node))
		}
	}
	for i := len(layer) - 2; i >= 0; i-- {
		left[i] = min(left[i], left[i+1]-l.apart(layer[i], layer[i+1]))
	}
	for i, node := range layer {
		l.x[node] = (left[i] + right[i]) / 2
	}
}

// apart is how far the centres of two neighbours must be from each other.
func (l *layering) apart(a, b int) float64 { return float64(l.width[a]+l.width[b])/2 + nodeGap }

// draw turns places into points, from the origin on.
func (l *layering) draw(nodes int, chains [][]int, back []bool) drawing {
	least, most := 0.0, 0.0
	for node, x := range l.x {
		half := float64(l.width[node]) / 2
		if node == 0 || x-half < least {
			least = x - half
		}
		most = max(most, x+half)
	}
	at := func(node int) point {
		return point{int(l.x[node]-least+0.5) + margin, margin + nodeHeight/2 + l.layer[node]*(nodeHeight+layerGap)}
	}
	d := drawing{Width: int(most-least) + 2*margin, Back: back}
	d.Height = max(0, len(l.layers)*(nodeHeight+layerGap)-layerGap) + 2*margin
	for node := range nodes {
		d.Nodes = append(d.Nodes, at(node))
	}
	for i, chain := range chains {
		var points []point
		for k, node := range chain {
			p := at(node)
			switch k {
			case 0:
				p.Y += nodeHeight / 2
			case len(chain) - 1:
				p.Y -= nodeHeight / 2
			}
			points = append(points, p)
		}
		if back[i] {
			slices.Reverse(points)
		}
		d.Edges = append(d.Edges, points)
	}
	return d
}
