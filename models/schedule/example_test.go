package schedule_test

import (
	"fmt"

	"synchrony/models/schedule"
)

// A schedule is where a run leaves the default one.
func Example() {
	s, err := schedule.ParseSchedule("12+1 40+2 steps 57 hash 9f3a6c0d51e2b748")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range s.Deviations {
		fmt.Printf("at step %d, the alternative %d\n", d.Step, d.Skip)
	}
	fmt.Println(s)
	// Output:
	// at step 12, the alternative 1
	// at step 40, the alternative 2
	// 12+1 40+2 steps 57 hash 9f3a6c0d51e2b748
}
