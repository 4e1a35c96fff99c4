package evidence_test

import (
	"fmt"

	"synchrony/properties/evidence"
)

// What differs from run to run is left out.
func Example() {
	fmt.Println(evidence.Line("runtime error: index out of range\nat 0xc000012345"))
	// Output:
	// runtime error: index out of range
	// at 0x…
}
