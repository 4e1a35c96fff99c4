//go:build go1.26

package sync_test

import (
	"fmt"

	"synchrony/executor/shim/sync"
)

// Outside of a controlled run it is what the standard library's is.
func Example() {
	var once sync.Once
	for range 2 {
		once.Do(func() { fmt.Println("once") })
	}
	// Output: once
}
