package chunks_test

import (
	"fmt"

	"synchrony/checkers/chunks"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// A program of two instructions, of which the second is in no chunk.
func Example() {
	w, err := program.ParseWorkload("example", []byte(".set mode parallel\nLOAD_CONST 1\nSTORE_NAME a\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	v := chunks.Partition().Check(*w, trace.ProgramObservation{
		End: trace.ProgramRan, Mode: program.Parallel, Variables: []string{"a"}, Globals: 1, Chunks: []trace.Chunk{{From: 0, To: 1, Why: "it begins"}},
	})
	fmt.Println(v.Status, v.Rule)
	// Output: fail no partition
}
