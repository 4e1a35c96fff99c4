package generators_test

import (
	"fmt"

	"synchrony/generators"
)

// What cases are is counted by their labels.
func Example() {
	var shares generators.Shares
	for _, size := range []string{"size: small", "size: large", "size: small"} {
		var l generators.Labels
		l.Add(size)
		shares.Add(l)
	}
	for label, n := range shares.All() {
		fmt.Println(label, n, "of", shares.Cases)
	}
	// Output:
	// size: large 1 of 3
	// size: small 2 of 3
}
