package trace_test

import (
	"fmt"

	"synchrony/models/trace"
)

// Chunk 2 comes after chunk 0 by way of chunk 1.
func ExampleOrderedChunks() {
	before := trace.OrderedChunks(3, []trace.ChunkDependency{{From: 0, To: 1, Kinds: trace.ChunkRAW}, {From: 1, To: 2, Kinds: trace.ChunkWAW}}, trace.ChunkData)
	fmt.Println(before[2][0], before[0][2])
	// Output: true false
}
