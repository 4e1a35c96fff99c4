package html

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"synchrony/properties"
)

// TestWaitGraph: tasks that wait for each other are marked, what nobody holds is drawn by itself, and a task that waits for itself
// is on a cycle of one.
func TestWaitGraph(t *testing.T) {
	g := waitGraph([]properties.Wait{
		{Task: "left", At: "a.go:1", Op: "lock", Object: "mutex/0", Holders: []string{"right"}},
		{Task: "right", At: "a.go:2", Op: "lock", Object: "mutex/1", Holders: []string{"left"}},
		{Task: "reader", Op: "recv", Object: "chan/0"},
		{Task: "behind", Op: "lock", Object: "mutex/1", Holders: []string{"left"}},
		{Task: "again", Op: "lock", Object: "mutex/2", Holders: []string{"again"}},
		{Task: "chan/1", Op: "recv", Object: "chan/1"}, // a task of such a name is no channel
	})
	type edge struct{ From, To, Label string }
	var edges []edge
	marked := map[string]bool{}
	for _, e := range g.Edges {
		edges = append(edges, edge{g.Nodes[e.From].Name, g.Nodes[e.To].Name, e.Label})
	}
	for _, n := range g.Nodes {
		if n.Mark {
			marked[n.Name] = true
		}
	}
	want := []edge{
		{"left", "mutex/0", "to lock · a.go:1"},
		{"mutex/0", "right", "held by"},
		{"right", "mutex/1", "to lock · a.go:2"},
		{"mutex/1", "left", "held by"},
		{"reader", "chan/0", "to receive from"},
		{"behind", "mutex/1", "to lock"},
		{"again", "mutex/2", "to lock"},
		{"mutex/2", "again", "held by"},
		{"chan/1", "chan/1", "to receive from"},
	}
	if diff := cmp.Diff(want, edges); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]bool{"left": true, "right": true, "again": true, "mutex/0": true, "mutex/1": true, "mutex/2": true}, marked); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
	if len(g.Nodes) != 11 {
		t.Errorf("%d nodes: %+v", len(g.Nodes), g.Nodes)
	}
	if waitGraph(nil) != nil || waitGraph(make([]properties.Wait, 1)) == nil {
		t.Error("nothing is drawn as something, or something as nothing")
	}
}

// TestWaitGraphBehind: a reader behind a writer that waits for it is on a cycle with it.
func TestWaitGraphBehind(t *testing.T) {
	g := waitGraph([]properties.Wait{
		{Task: "reader", Op: "rlock", Object: "rwmutex/0", Behind: "writer"},
		{Task: "writer", Op: "lock", Object: "rwmutex/0", Holders: []string{"reader"}},
	})
	for _, n := range g.Nodes {
		if !n.Mark {
			t.Errorf("%s is on no cycle", n.Name)
		}
	}
	if len(g.Edges) != 4 {
		t.Errorf("%d edges: %+v", len(g.Edges), g.Edges)
	}
}
