package bounds_test

import (
	"fmt"
	"slices"

	"synchrony/generators/bounds"
)

// The sizes around a bound are just below it, the bound, just above it, and twice as much.
func Example() {
	for _, b := range bounds.All() {
		names := b.Names()
		if len(names) == 0 || b.Value > 1_000_000 {
			continue
		}
		sizes := bounds.Around(names[0], 2_000_000)
		n := int(b.Value)
		fmt.Println(slices.Contains(sizes, n-1), slices.Contains(sizes, n), slices.Contains(sizes, n+1), slices.Contains(sizes, 2*n))
		return
	}
	// Output: true true true true
}
