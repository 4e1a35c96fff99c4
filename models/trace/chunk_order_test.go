package trace

import (
	"slices"
	"testing"
)

// TestOrderedChunks: chains order, edges of other kinds and edges that lead nowhere or back do not.
func TestOrderedChunks(t *testing.T) {
	edges := []ChunkDependency{
		{From: 2, To: 3, Kinds: ChunkWAW},
		{From: 0, To: 2, Kinds: ChunkRAW | ChunkControl},
		{From: 1, To: 2, Kinds: ChunkControl},
		{From: 3, To: 1, Kinds: ChunkRAW},
		{From: 0, To: 9, Kinds: ChunkRAW},
		{From: -1, To: 1, Kinds: ChunkRAW},
	}
	before := func(kinds ChunkDependencyKind, j int) (list []int) {
		for i, is := range OrderedChunks(4, edges, kinds)[j] {
			if is {
				list = append(list, i)
			}
		}
		return list
	}
	for _, c := range []struct {
		kinds ChunkDependencyKind
		chunk int
		want  []int
	}{
		{ChunkData, 0, nil},
		{ChunkData, 1, nil},
		{ChunkData, 2, []int{0}},
		{ChunkData, 3, []int{0, 2}},
		{ChunkRAW, 3, nil},
		{ChunkData | ChunkControl, 3, []int{0, 1, 2}},
	} {
		if got := before(c.kinds, c.chunk); !slices.Equal(got, c.want) {
			t.Errorf("kinds %b, chunk %d: after %v, want %v", c.kinds, c.chunk, got, c.want)
		}
	}
}
