package trace

import (
	"cmp"
	"slices"
)

// ChunkData is the kinds of dependency that are about variables.
const ChunkData = ChunkRAW | ChunkWAR | ChunkWAW

// OrderedChunks says of each of the first n chunks from which earlier ones a chain of
// dependencies of some of the kinds leads to it: chunk i comes before j if [j][i].
func OrderedChunks(n int, edges []ChunkDependency, kinds ChunkDependencyKind) [][]bool {
	ordered := make([][]bool, n)
	for i := range ordered {
		ordered[i] = make([]bool, n)
	}
	byTarget := slices.Clone(edges)
	slices.SortStableFunc(byTarget, func(a, b ChunkDependency) int { return cmp.Compare(a.To, b.To) })
	for _, e := range byTarget { // all that From depends on is known: it is before To
		if e.Kinds&kinds == 0 || !e.Between(n) {
			continue
		}
		to := ordered[e.To]
		to[e.From] = true
		for i, before := range ordered[e.From] {
			to[i] = to[i] || before
		}
	}
	return ordered
}

// Between reports whether the edge leads from one of the first n chunks to a later one of
// them. Others order nothing.
func (e ChunkDependency) Between(n int) bool {
	return e.From >= 0 && e.From < e.To && int(e.To) < n
}
