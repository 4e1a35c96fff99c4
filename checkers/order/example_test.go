package order_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/order"
	"synchrony/checkers/recorded"
)

// A recorded run in which a transaction starts before one that it depends on has ended.
func Example() {
	runs, err := recorded.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Name == "early_start" })]
	v := order.Execution().Check(run.Workload, run.Seen)
	fmt.Println(v.Status, v.Rule)
	// Output: fail started before its predecessor
}
