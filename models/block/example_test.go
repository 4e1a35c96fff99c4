package block_test

import (
	"fmt"

	"synchrony/models/block"
)

// The specification executes one transaction after the other.
func Example() {
	b := block.Block{Workers: 2, Initial: map[string]int64{"alice": 10, "bob": 0}, Transactions: []block.Transaction{
		{Name: "t1", Operations: []block.Operation{{Op: block.Transfer, Key: "alice", To: "bob", Amount: 8}}},
		{Name: "t2", Operations: []block.Operation{{Op: block.Transfer, Key: "alice", To: "bob", Amount: 5}}},
	}}
	r := b.Serial(nil)
	fmt.Println(r.State, r.Failed)
	// Output: map[alice:2 bob:8] [t2]
}
