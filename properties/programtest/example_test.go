package programtest_test

import (
	"context"
	"fmt"
	"strings"

	"synchrony/properties"
	"synchrony/properties/programtest"
)

// An interpreter whose workers are goroutines, and whose ATOMIC_ADD reads a shared variable, and writes it in a second step. In a test, that is
//
//	func TestMachine(t *testing.T) { programtest.Check(t, programtest.Interpreter{Run: …}) }
func Example() {
	p := programtest.Property(programtest.Interpreter{Run: machine{torn: true}.Run}, programtest.MaxWorkers(3))
	r, err := p.Run(context.Background(), properties.Spec{Seed: 1, Count: 100, Budget: properties.Budget{Single: 20, Random: 10, Shrink: 10_000}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := r.Failures[0]
	fmt.Printf("%s: %d instructions, %d deviation, reproduced: %v\n", f.Rule, f.Size, f.Deviations, f.Replayed)
	c, err := properties.ParseCounterexample("", []byte(f.Text))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(c.Workload[0].Data))
	fmt.Println(strings.Join(c.Story[:3], "\n"))
	// Output:
	// wrong shared variables: 5 instructions, 1 deviation, reproduced: true
	// FORK_EXECUTION 2
	// LOAD_CONST 1
	// ATOMIC_ADD M
	// POP
	// JOIN_WORKERS 0
	// It showed: shared M = 1
	// One instruction after another, it shows: shared M = 2
	// On the default schedule, where each task runs until it waits, but for this:
}
