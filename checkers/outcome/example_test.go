package outcome_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/outcome"
	"synchrony/checkers/recorded"
)

// A recorded run that committed a batch that there was nobody to execute.
func Example() {
	runs, err := recorded.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Name == "ran_without_workers" })]
	v := outcome.New().Check(run.Workload, run.Seen)
	fmt.Println(v.Status, v.Rule)
	// Output: fail wrong outcome
}
