package metrics_test

import (
	"fmt"

	"synchrony/checkers/metrics"
	"synchrony/checkers/recorded"
)

// A recorded run, right, and with a transaction more than there are counted as executed.
func Example() {
	runs, err := recorded.Batches()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[0]
	fmt.Println(metrics.New().Check(run.Workload, run.Seen).Status)
	run.Seen.Executed += 100
	fmt.Println(metrics.New().Check(run.Workload, run.Seen).Status)
	// Output:
	// pass
	// fail
}
