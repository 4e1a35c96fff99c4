package batches_test

import (
	"fmt"

	"synchrony/generators/batches"
)

// The same seed draws the same batch, of any size.
func Example() {
	a, b := batches.Bulk(7, 100, batches.Options{}), batches.Bulk(7, 100, batches.Options{})
	fmt.Println(len(a.Batch.Transactions), len(a.Batch.Transactions) == len(b.Batch.Transactions))
	// Output: 100 true
}
