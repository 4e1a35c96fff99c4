//go:build go1.26

package atomic_test

import (
	"fmt"

	"synchrony/executor/shim/atomic"
)

// Outside of a controlled run it is what the standard library's is.
func Example() {
	var n atomic.Int64
	n.Add(2)
	fmt.Println(n.CompareAndSwap(2, 5), n.Load())
	// Output: true 5
}
