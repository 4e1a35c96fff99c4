package text_test

import (
	"fmt"
	"slices"

	"synchrony/models/text"
)

// An error says where in a text it is, and a mistyped word what it may have meant.
func Example() {
	fmt.Println(text.ErrorAt("sum.ae", "guard {\n  a = b;\n}\n", 12, "a comparison is =="))
	fmt.Println(text.Nearest("repaly", slices.Values([]string{"run", "replay", "list"})))
	// Output:
	// sum.ae:2:5: a comparison is ==
	//   |   a = b;
	//   |     ^
	// replay
}
