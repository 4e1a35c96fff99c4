package programs_test

import (
	"fmt"

	"synchrony/generators/programs"
)

// The same seed draws the same program, which is a valid one.
func Example() {
	g := programs.Programs(programs.AnyProgram())
	a, b := g.Example(7), g.Example(7)
	fmt.Println(len(a.Labels) > 0, a.Labels.Has("?"), len(a.Labels) == len(b.Labels))
	// Output: true false true
}
