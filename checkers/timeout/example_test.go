package timeout_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/recorded"
	"synchrony/checkers/timeout"
)

// A recorded run that writes after it has timed out.
func Example() {
	runs, err := recorded.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Name == "late_write" })]
	v := timeout.New().Check(run.Workload, run.Seen)
	fmt.Println(v.Status, v.Rule)
	// Output: fail late effect
}
