package recorded_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/recorded"
)

// A recorded run has the verdicts that the checkers must give.
func Example() {
	runs, err := recorded.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Name == "early_start" })]
	fmt.Println(run.Verdicts)
	// Output: [order/execution: fail: started before its predecessor]
}
