package docs_test

import (
	"fmt"
	"strings"

	"synchrony/docs"
)

// The first line of each reference.
func Example() {
	for _, text := range []string{docs.AE, docs.ZXASM} {
		line, _, _ := strings.Cut(text, "\n")
		fmt.Println(strings.HasPrefix(line, "# "))
	}
	// Output:
	// true
	// true
}
