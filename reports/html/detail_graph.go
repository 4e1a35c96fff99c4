package html

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// graph is a drawn dependency graph.
type graph struct {
	Width  int         `json:"width"` // in pixels
	Height int         `json:"height"`
	Nodes  []graphNode `json:"nodes"`
	Edges  []graphEdge `json:"edges"`
	Hidden int         `json:"hidden,omitempty"` // nodes that there are besides
	// Relation is what an edge says of its nodes, in words; empty is "before".
	Relation string `json:"relation,omitempty"`
}

type graphNode struct {
	Name  string `json:"name"`
	X     int    `json:"x"` // of the centre
	Y     int    `json:"y"`
	Width int    `json:"width"`
	Mark  bool   `json:"mark,omitempty"`  // it is in the cycle, or failed
	Round bool   `json:"round,omitempty"` // it is drawn with round ends: a task among what tasks wait for
}

type graphEdge struct {
	From   int    `json:"from"` // nodes
	To     int    `json:"to"`
	Label  string `json:"label"`
	Sort   string `json:"sort"`   // plan; missing: the plan lacks it; cycle: it closes a cycle
	Points []int  `json:"points"` // x, y, x, y …
}

// The sorts of edges.
const (
	planned = "plan"
	missing = "missing"
	cyclic  = "cycle"
)

// maxNodes is how many nodes a drawn graph has.
const maxNodes = 40

// batchGraph draws the plan of a batch, with the conflicts that the plan does not order. What was refused for a
// cycle has no plan: then it draws what the batch asks for. Of a large batch it shows the transactions in cycle,
// the failed one, and those around them.
func batchGraph(b *batch.Batch, o trace.Observation, cycle []int32) *graph {
	if len(b.Transactions) == 0 {
		return nil
	}
	marked := slices.Clone(cycle)
	if o.Failure != nil && o.Failure.Tx < len(b.Transactions) {
		marked = append(marked, int32(o.Failure.Tx))
	}
	for i := range b.Transactions {
		if slices.Contains(o.Cycle, b.Transactions[i].ID) {
			marked = append(marked, int32(i))
		}
	}
	shown := selectNodes(len(b.Transactions), marked, o.Edges)
	g := &graph{Hidden: len(b.Transactions) - len(shown)}
	index := map[int32]int{}
	for i, tx := range shown {
		index[tx] = i
		g.Nodes = append(g.Nodes, graphNode{Name: b.Transactions[tx].ID, Mark: slices.Contains(marked, tx)})
	}
	names := trace.NamesOf(b)
	for _, d := range o.Edges {
		from, ok1 := index[d.From]
		to, ok2 := index[d.To]
		if ok1 && ok2 {
			g.Edges = append(g.Edges, graphEdge{From: from, To: to, Sort: planned, Label: edgeLabel(d.Kinds.String(), names.Accounts(d.Accounts))})
		}
	}
	g.demands(b, o, shown)
	g.place()
	return g
}

// demands adds what the batch asks for and the plan does not order; everything, if the batch was refused.
func (g *graph) demands(b *batch.Batch, o trace.Observation, shown []int32) {
	refused := o.Outcome == history.Refused
	reach := reachability(len(b.Transactions), o.Edges, shown)
	sub, position := batch.Batch{}, map[string]int{}
	for i, tx := range shown {
		sub.Transactions = append(sub.Transactions, b.Transactions[tx])
		position[b.Transactions[tx].ID] = i
	}
	add := func(from, to int, label string) {
		sort := missing
		switch {
		case refused:
			sort = planned
		case reach[from][shown[to]]:
			return
		}
		g.Edges = append(g.Edges, graphEdge{From: from, To: to, Sort: sort, Label: label})
	}
	names := trace.NamesOf(b)
	for _, c := range batch.Conflicts(&sub) {
		var kinds []string
		accounts := slices.Concat(c.RAW, c.WAR, c.WAW)
		for _, k := range []struct {
			name string
			on   []batch.AccountID
		}{{"RAW", c.RAW}, {"WAR", c.WAR}, {"WAW", c.WAW}} {
			if len(k.on) > 0 {
				kinds = append(kinds, k.name)
			}
		}
		slices.Sort(accounts)
		add(c.From, c.To, edgeLabel(strings.Join(kinds, ","), names.Accounts(slices.Compact(accounts))))
	}
	for to, tx := range shown {
		for _, id := range b.Transactions[tx].After {
			if from, ok := position[id]; ok {
				add(from, to, trace.After.String())
			}
		}
	}
}

// edgeLabel is "RAW,WAW a b", or the beginning of that.
func edgeLabel(kinds, accounts string) string {
	return strings.TrimSpace(strings.ReplaceAll(kinds, ",", " ") + " · " + shorten(accounts, 24))
}

// shorten is at most n characters of a text.
func shorten(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

// selectNodes chooses at most maxNodes of n nodes: first the marked ones, then those that an edge joins to one
// chosen, then the others in order.
func selectNodes(n int, marked []int32, edges []trace.Dependency) []int32 {
	chosen, in := make([]int32, 0, maxNodes), make([]bool, n)
	choose := func(node int32) {
		if node >= 0 && int(node) < n && !in[node] && len(chosen) < maxNodes {
			in[node] = true
			chosen = append(chosen, node)
		}
	}
	if n > maxNodes {
		for _, node := range marked {
			choose(node)
		}
		for i := 0; i < len(chosen) && len(chosen) < maxNodes; i++ {
			for _, e := range edges {
				if e.From == chosen[i] {
					choose(e.To)
				} else if e.To == chosen[i] {
					choose(e.From)
				}
			}
		}
	}
	for node := range n {
		choose(int32(node))
	}
	slices.Sort(chosen)
	return chosen
}

// reachability says, for each of the nodes in from, which ones its edges lead to.
func reachability(n int, edges []trace.Dependency, from []int32) []map[int32]bool {
	out := make([][]int32, n)
	for _, e := range edges {
		if e.From >= 0 && int(e.From) < n && e.To >= 0 && int(e.To) < n {
			out[e.From] = append(out[e.From], e.To)
		}
	}
	reach := make([]map[int32]bool, len(from))
	for i, node := range from {
		reach[i] = map[int32]bool{}
		for stack := []int32{node}; len(stack) > 0; {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, to := range out[top] {
				if !reach[i][to] {
					reach[i][to] = true
					stack = append(stack, to)
				}
			}
		}
	}
	return reach
}

// place gives nodes and edges their places.
func (g *graph) place() {
	widths, edges := make([]int, len(g.Nodes)), make([][2]int, len(g.Edges))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		n.Name = shorten(n.Name, 26)
		n.Width = 28 + 8*utf8.RuneCountInString(n.Name)
		widths[i] = n.Width
	}
	for i, e := range g.Edges {
		edges[i] = [2]int{e.From, e.To}
	}
	d := layout(widths, edges)
	g.Width, g.Height = d.Width, d.Height
	for i, p := range d.Nodes {
		g.Nodes[i].X, g.Nodes[i].Y = p.X, p.Y
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		e.Points = []int{}
		for _, p := range d.Edges[i] {
			e.Points = append(e.Points, p.X, p.Y)
		}
		if d.Back[i] {
			e.Sort = cyclic
		}
	}
}

// chunkGraph draws which chunk of a program needs which.
func chunkGraph(o *trace.ProgramObservation, names programNames) *graph {
	if len(o.Chunks) < 2 || len(o.Chunks) > maxNodes {
		return nil
	}
	g := &graph{}
	for i := range o.Chunks {
		g.Nodes = append(g.Nodes, graphNode{Name: fmt.Sprintf("chunk %d", i)})
	}
	for _, d := range o.Edges {
		if int(d.From) < len(o.Chunks) && int(d.To) < len(o.Chunks) {
			g.Edges = append(g.Edges, graphEdge{From: int(d.From), To: int(d.To), Sort: planned, Label: names.dependency(d)})
		}
	}
	g.place()
	return g
}

// cycleGraph draws a cycle of the direct serialization graph; nil if there is none, or a long one.
func cycleGraph(cycle []link) *graph {
	if len(cycle) == 0 || len(cycle) > maxNodes {
		return nil
	}
	g := &graph{}
	for i, l := range cycle {
		g.Nodes = append(g.Nodes, graphNode{Name: l.From, Mark: true})
		g.Edges = append(g.Edges, graphEdge{From: i, To: (i + 1) % len(cycle), Sort: planned, Label: l.Kind})
	}
	g.place()
	return g
}
