package html

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// drawnGraph is a graph as layout takes it.
type drawnGraph struct {
	widths []int
	edges  [][2]int
}

func anyGraph(t *rapid.T) drawnGraph {
	var g drawnGraph
	g.widths = rapid.SliceOfN(rapid.IntRange(20, 200), 1, 20).Draw(t, "widths")
	node := rapid.IntRange(0, len(g.widths)-1)
	for range rapid.IntRange(0, 30).Draw(t, "edges") {
		g.edges = append(g.edges, [2]int{node.Draw(t, "from"), node.Draw(t, "to")})
	}
	return g
}

// TestLayout: whatever the graph, its nodes do not overlap and are within the drawing, edges that close no cycle
// point down, and it is drawn the same again.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph(t)
		d := layout(g.widths, g.edges)
		for i, p := range d.Nodes {
			half := g.widths[i] / 2
			if p.X-half < 0 || p.X+half > d.Width || p.Y-nodeHeight/2 < 0 || p.Y+nodeHeight/2 > d.Height {
				t.Fatalf("node %d at %v of width %d is not within %d × %d", i, p, g.widths[i], d.Width, d.Height)
			}
			for j, q := range d.Nodes[:i] {
				if p.Y == q.Y && max(p.X, q.X)-min(p.X, q.X) < half+g.widths[j]/2 {
					t.Fatalf("nodes %d and %d overlap: %v, %v", j, i, q, p)
				}
			}
		}
		for i, e := range g.edges {
			if e[0] == e[1] {
				if len(d.Edges[i]) != 0 {
					t.Fatalf("edge %v has points", e)
				}
				continue
			}
			first, last := d.Edges[i][0], d.Edges[i][len(d.Edges[i])-1]
			if first.X != d.Nodes[e[0]].X || last.X != d.Nodes[e[1]].X {
				t.Fatalf("edge %v runs from %v to %v", e, first, last)
			}
			if (first.Y < last.Y) == d.Back[i] {
				t.Fatalf("edge %v from %v to %v: back is %v", e, first, last, d.Back[i])
			}
		}
		if again := layout(g.widths, g.edges); !reflect.DeepEqual(d, again) {
			t.Fatalf("drawn anew: %v, and %v", d, again)
		}
	})
}

// TestLayoutBackEdges: an acyclic graph has no back edges, and each cycle has one.
func TestLayoutBackEdges(t *testing.T) {
	for _, c := range []struct {
		name  string
		nodes int
		edges [][2]int
		back  []bool
	}{
		{"diamond", 4, [][2]int{{0, 1}, {0, 2}, {1, 3}, {2, 3}, {0, 3}}, []bool{false, false, false, false, false}},
		{"two cycle", 2, [][2]int{{0, 1}, {1, 0}}, []bool{false, true}},
		{"against the order", 3, [][2]int{{2, 1}, {1, 0}}, []bool{false, false}},
		{"loop", 1, [][2]int{{0, 0}}, []bool{true}},
		{"three cycle", 3, [][2]int{{0, 1}, {1, 2}, {2, 0}}, []bool{false, false, true}},
	} {
		if got := layout(make([]int, c.nodes), c.edges).Back; !reflect.DeepEqual(got, c.back) {
			t.Errorf("%s: %v, want %v", c.name, got, c.back)
		}
	}
}

// TestLayoutUncrosses: edges that need not cross do not.
func TestLayoutUncrosses(t *testing.T) {
	d := layout([]int{50, 50, 50, 50}, [][2]int{{0, 3}, {1, 2}})
	if (d.Nodes[0].X < d.Nodes[1].X) != (d.Nodes[3].X < d.Nodes[2].X) {
		t.Errorf("the edges cross: %v", d.Nodes)
	}
}

func TestLayoutOfNothing(t *testing.T) {
	if d := layout(nil, nil); len(d.Nodes) != 0 || d.Width <= 0 || d.Height <= 0 {
		t.Errorf("%+v", d)
	}
}
