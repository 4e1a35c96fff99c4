package race_test

import (
	"fmt"
	"slices"

	"synchrony/checkers/race"
	"synchrony/checkers/recorded"
)

// A recorded run with a read that nothing orders with a write.
func Example() {
	runs, err := recorded.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	run := runs[slices.IndexFunc(runs, func(r recorded.Run) bool { return r.Name == "mixed_race" })]
	v := race.New().Check(run.Workload, run.Seen)
	fmt.Println(v.Status, v.Rule)
	// Output: fail read-write race
}
