package checkers_test

import (
	"fmt"

	"synchrony/checkers"
)

// A checker is a pure function from a workload and what a run of it showed to a verdict.
func Example() {
	count := checkers.New("count", func(workers, counted int) checkers.Verdict {
		if workers != counted {
			return checkers.Failed("lost update", fmt.Sprintf("%d workers, and %d were counted", workers, counted))
		}
		return checkers.Passed()
	})
	v := count.Check(2, 1)
	fmt.Printf("%s: %v: %s: %s\n", count.Name(), v.Status, v.Rule, v.Reason)
	// Output: count: fail: lost update: 2 workers, and 1 were counted
}
