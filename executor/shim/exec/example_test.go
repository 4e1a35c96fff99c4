package exec_test

import (
	"fmt"

	"synchrony/executor/shim/exec"
)

// Outside of a controlled run it is what the standard library's is.
func Example() {
	out, err := exec.Command("echo", "hello").Output()
	fmt.Printf("%s%v\n", out, err)
	// Output:
	// hello
	// <nil>
}
