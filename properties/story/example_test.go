package story_test

import (
	"fmt"

	"synchrony/properties/story"
)

// Two workers, of which the second goes on where by default the first would have.
func Example() {
	rows := []story.Row{
		{Step: 3, Worker: 0, Text: "a reads x: 1"},
		{Step: 4, Worker: 1, Text: "b reads x: 1", Deviates: true},
		{Step: 5, Worker: 1, Text: "b writes x: 2"},
		{Step: 6, Worker: 0, Text: "a writes x: 2"},
	}
	t := story.NewTable(rows, func(worker int32) string { return fmt.Sprint("worker ", worker) })
	for _, line := range t.Lines(rows) {
		fmt.Println(line)
	}
	// Output:
	//       worker 0                                          worker 1
	//    3  a reads x: 1
	//    4*                                                   b reads x: 1
	//    5                                                    b writes x: 2
	//    6  a writes x: 2
}
