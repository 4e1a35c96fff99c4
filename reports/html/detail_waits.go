package html

import (
	"cmp"

	"synchrony/properties"
)

// waitGraph draws who waits for what at the end of a run that cannot go on, and who holds that (a resource allocation graph: Holt, ACM Computing
// Surveys 4(3), 1972): an edge leads from a task to what it waits for, and from there to who holds it. Nil if nothing is known, or too much to be
// drawn.
func waitGraph(waits []properties.Wait) *graph {
	g := &graph{Relation: "→"}
	type key struct {
		name string
		task bool // so that no task is taken for what another waits for
	}
	index := map[key]int{}
	node := func(k key) int {
		i, known := index[k]
		if !known {
			i = len(g.Nodes)
			index[k] = i
			g.Nodes = append(g.Nodes, graphNode{Name: k.name, Round: k.task})
		}
		return i
	}
	held := map[[2]int]bool{}
	for _, w := range waits {
		if w.Ready {
			continue
		}
		from, what := node(key{w.Task, true}), cmp.Or(w.Object, w.Op)
		to := node(key{what, false})
		label := properties.Wait{Op: w.Op}.Waits()
		if w.At != "" {
			label += " · " + w.At
		}
		g.Edges = append(g.Edges, graphEdge{From: from, To: to, Sort: planned, Label: label})
		for _, holder := range w.Holders {
			if edge := [2]int{to, node(key{holder, true})}; !held[edge] {
				held[edge] = true
				g.Edges = append(g.Edges, graphEdge{From: edge[0], To: edge[1], Sort: planned, Label: "held by"})
			}
		}
		if w.Behind != "" {
			g.Edges = append(g.Edges, graphEdge{From: from, To: node(key{w.Behind, true}), Sort: planned, Label: "goes first"})
		}
	}
	if len(g.Nodes) == 0 || len(g.Nodes) > maxNodes {
		return nil
	}
	g.markCycles()
	g.place()
	return g
}

// markCycles marks the nodes that lie on a cycle.
func (g *graph) markCycles() {
	for _, e := range g.Edges {
		if g.leads(e.To, e.From) {
			g.Nodes[e.From].Mark, g.Nodes[e.To].Mark = true, true
		}
	}
}

// leads reports whether edges lead from one node to another; each leads to itself.
func (g *graph) leads(from, to int) bool {
	seen := make([]bool, len(g.Nodes))
	for stack := []int{from}; len(stack) > 0; {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top == to {
			return true
		}
		if seen[top] {
			continue
		}
		seen[top] = true
		for _, e := range g.Edges {
			if e.From == top {
				stack = append(stack, e.To)
			}
		}
	}
	return false
}
