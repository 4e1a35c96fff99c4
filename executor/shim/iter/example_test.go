//go:build go1.26

package iter_test

import (
	"fmt"
	"slices"

	"synchrony/executor/shim/iter"
)

// Outside of a controlled run it is what the standard library's is.
func Example() {
	next, stop := iter.Pull(slices.Values([]string{"one", "two"}))
	defer stop()
	v, ok := next()
	fmt.Println(v, ok)
	// Output: one true
}
