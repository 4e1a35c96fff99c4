package histories_test

import (
	"fmt"

	"synchrony/generators/histories"
)

// A history with a lost update, drawn from a seed.
func Example() {
	for _, kind := range histories.Anomalies() {
		if kind.Name == "lost update" {
			h := histories.With(kind).Example(1)
			fmt.Println(h.Planted, kind.Rule, h.Validate())
		}
	}
	// Output: lost update G-single <nil>
}
