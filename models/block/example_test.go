package block_test

import (
	"fmt"

	"synchrony/models/block"
)

// The specification executes one transaction after the other.
func Example() {
	b, err := block.Parse(`workers 2
a = 10
t1: transfer a b 8
t2: transfer a b 5
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	s := block.Execute(&b, block.Isolate, block.Departure{})
	fmt.Println(s.State)
	fmt.Println(b.Name(1), s.Errors[1])
	// Output:
	// a=2 b=8
	// t2 a is 2, and must be at least 5
}
