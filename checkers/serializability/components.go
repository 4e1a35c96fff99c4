package serializability

import "synchrony/checkers/internal/digraph"

// serialOrder is the live transactions in a topological order of a graph without
// cycles: components are numbered from the last on.
func (g *graph) serialOrder(c *digraph.Components) []int32 {
	at := make([]int32, c.Count)
	for node, number := range c.Of {
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
