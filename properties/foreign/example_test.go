package foreign_test

import (
	"fmt"

	"synchrony/properties/foreign"
)

// What programs in other languages can be tested on.
func Example() {
	names, about := foreign.Kinds()
	for i := range names {
		fmt.Printf("%s: %s\n", names[i], about[i])
	}
	// Output:
	// batch: blocks of transactions, which must have the effect of one after another
	// program: programs with parallel sections, which must show what one instruction after another shows
	// register: clients of one register, which must be linearizable
}
