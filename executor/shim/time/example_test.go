//go:build go1.26

package time_test

import (
	"fmt"

	"synchrony/executor/shim/time"
)

// Outside of a controlled run it is what the standard library's is.
func Example() {
	fmt.Println(1500 * time.Millisecond)
	// Output: 1.5s
}
