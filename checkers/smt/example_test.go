package smt_test

import (
	"fmt"

	"synchrony/checkers/smt"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// A plan that orders every conflict is as good as the serial order.
func ExampleProver_PlanEquivalence() {
	b, err := batch.Parse("bank.ae", []byte(`
		accounts { alice: 100; bob: 50; charlie: 30; dave: 0; }
		atomic_batch {
		  intent transfer1(alice, bob, 10)
		  intent transfer2(bob, charlie, 20)
		  intent transfer3(dave, alice, 0)
		}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	plan := []trace.Dependency{{From: 0, To: 1}, {From: 0, To: 2}}
	proof := smt.New(smt.Limits{}).PlanEquivalence(b, plan)
	fmt.Println(proof.Status, "by", proof.Method)
	// Output:
	// pass by footprints
}
