package blocks_test

import (
	"fmt"

	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
)

// A block in which a transaction fails, drawn from a seed, and the smallest that it is reduced to.
func Example() {
	p := &blocks.Profile{MaxTransactions: 12, Workers: choice.Length{Min: 2, Max: 4}, Stores: 1, Failures: true}
	var failing block.Block
	fails := func(b block.Block) bool {
		if block.Execute(&b, block.Isolate, block.Departure{}).FirstFailure() < 0 {
			return false
		}
		failing = b
		return true
	}
	for seed := uint64(1); !fails(blocks.Draw(choice.Seeded(seed), p)); seed++ {
	}
	blocks.Reduce(failing, fails)
	fmt.Print(failing.String())
	// Output:
	// workers 1
	// t1: transfer a a 1
}
