package choice_test

import (
	"fmt"

	"synchrony/generators/choice"
)

// The same seed makes the same decisions, and a weight of 0 is never picked.
func Example() {
	a, b := choice.Seeded(7), choice.Seeded(7)
	fmt.Println(choice.Below(a, 100) == choice.Below(b, 100), choice.Pick(a, 0, 1, 0))
	// Output: true 1
}
