package process_test

import (
	"context"
	"fmt"

	"synchrony/properties/isolate/process"
)

// A child process, whatever it does, ends, and it is known how.
func Example() {
	out := process.NewOutput(100)
	c := process.Command{Path: "/bin/sh", Args: []string{"-c", "echo hello; exit 3"}, Stdout: out}
	e, err := c.Run(context.Background(), nil, nil)
	fmt.Printf("%q, %v, clean: %v, %v\n", out.Bytes(), &e, e.Clean(), err)
	// Output: "hello\n", exit status 3, clean: false, <nil>
}
