package conservation_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/conservation"
	"synchrony/checkers/recorded"
)

// A recorded run whose transfers lose money.
func Example() {
	runs, err := recorded.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Name == "lost_money" })]
	v := conservation.New().Check(run.Workload, run.Seen)
	fmt.Println(v.Status, v.Rule)
	// Output: fail sum changed
}
