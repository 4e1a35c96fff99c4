package digraph

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestComponents compares with the definition: two nodes are in one component if each reaches the other.
func TestComponents(t *testing.T) {
	cyclic := 0
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 61))
		n := int32(1 + rng.IntN(9))
		var b Builder
		reach := make([][]bool, n)
		for i := range reach {
			reach[i] = make([]bool, n)
		}
		over := Kinds(rng.IntN(8))
		for range rng.IntN(20) {
			from, to, kind := rng.Int32N(n), rng.Int32N(n), Kind(rng.IntN(3))
			b.Add(from, to, kind)
			reach[from][to] = reach[from][to] || over.Has(kind)
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		g := b.Graph(n)
		c := g.Components(nil, over)
		for i := range n {
			for j := range n {
				if same := i == j || reach[i][j] && reach[j][i]; (c.Of[i] == c.Of[j]) != same {
					t.Fatalf("seed %d: nodes %d and %d: %v", seed, i, j, c.Of)
				}
				if reach[i][j] && c.Of[i] < c.Of[j] {
					t.Fatalf("seed %d: %d leads to %d, and its component comes before", seed, i, j)
				}
			}
		}
		if c.Cyclic() {
			cyclic++
		}
		for i := range len(c.Bounds) - 1 {
			part := c.Nodes[c.Bounds[i]:c.Bounds[i+1]]
			if len(part) < 2 || slices.ContainsFunc(part, func(node int32) bool { return c.Of[node] != c.Of[part[0]] }) {
				t.Fatalf("seed %d: the component %v", seed, part)
			}
			if among := g.Components(part, over); len(among.Nodes) != len(part) {
				t.Fatalf("seed %d: among %v, %v are in components", seed, part, among.Nodes)
			}
		}
	}
	if cyclic < 100 || cyclic > 450 {
		t.Errorf("%d of 500 graphs had cycles", cyclic)
	}
}

func TestKinds(t *testing.T) {
	if set := Of(1, 4); !set.Has(1) || !set.Has(4) || set.Has(0) {
		t.Error(set)
	}
	var b Builder
	b.Add(1, 0, 7)
	b.Add(0, 1, 3)
	b.Add(1, 1, 0)
	g := b.Graph(2)
	if got := g.Of(1); len(got) != 2 || got[0].To() != 0 || got[0].Kind() != 7 || got[1].To() != 1 {
		t.Error(got)
	}
}
