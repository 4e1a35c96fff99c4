package programs_test

import (
	"fmt"

	"synchrony/generators/programs"
	"synchrony/models/program"
)

// The same seed draws the same program, which is a valid one.
func Example() {
	g := programs.Programs(programs.AnyProgram())
	a, b := g.Example(7), g.Example(7)
	fmt.Println(a.Format() == b.Format(), program.Validate(a.Program))
	// Output: true <nil>
}
