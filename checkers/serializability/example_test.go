package serializability_test

import (
	"fmt"

	"synchrony/checkers/serializability"
	"synchrony/models/block"
)

// Two transactions that each read 1 and write what they make of it: the anomaly has a name, and a shortest cycle.
func Example() {
	r := serializability.JudgeBlock(&block.Record{
		Initial: map[string]int64{"x": 1},
		Transactions: []block.Effect{
			{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 2}}},
			{Name: "b", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 3}}},
		},
		Final: map[string]int64{"x": 3},
	})
	fmt.Println(r.Status, r.Rule)
	for _, e := range r.Cycle {
		fmt.Println(r.History.TxName(e.From), e.Kind, r.History.TxName(e.To))
	}
	// Unordered output:
	// fail G-single
	// a ww b
	// b rw a
}
