//go:build !race

// With the race detector, what transactions read and wrote is not told, which this example shows.

package batchtest_test

import (
	"context"
	"fmt"
	"strings"

	"synchrony/properties"
	"synchrony/properties/batchtest"
)

// An executor that executes transactions ahead of their turn, and does not look at whether what they have read has changed meanwhile. In a test, that is
//
//	func TestExecutor(t *testing.T) { batchtest.Check(t, batchtest.Executor{Run: …}) }
func Example() {
	p := batchtest.Property(batchtest.Executor{Run: ahead(true)}, batchtest.MaxTxs(8), batchtest.Workers(2, 3))
	r, err := p.Run(context.Background(), properties.Spec{Seed: 1, Count: 100, Budget: properties.Budget{Single: 20, Random: 10, Shrink: 10_000}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := r.Failures[0]
	fmt.Println(f.Reason)
	fmt.Printf("%d transactions, %d deviation, reproduced: %v\n", f.Size, f.Deviations, f.Replayed)
	c, err := properties.ParseCounterexample("", []byte(f.Text))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(c.Workload[0].Data))
	fmt.Println(strings.Join(c.Story[:3], "\n"))
	// Output:
	// the final state is not the serial one: a is gone, and should be 1; it is as if t2 had not seen t1's write of a
	// 2 transactions, 1 deviation, reproduced: true
	// workers 2
	// t1: write a 1
	// t2: copy a a
	// t2: begins, finds no a, deletes a, ends
	// t1: begins, writes a=1, ends
	// On the default schedule, where each task runs until it waits, but for this:
}
