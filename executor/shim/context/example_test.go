//go:build go1.26

package context_test

import (
	"fmt"

	"synchrony/executor/shim/context"
)

// Outside of a controlled run it is what the standard library's is.
func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fmt.Println(ctx.Err())
	// Output: context canceled
}
