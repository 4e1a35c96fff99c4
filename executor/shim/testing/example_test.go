//go:build go1.26

package testing_test

import (
	"fmt"

	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/testing"
)

// A test that loses an update in some schedules, of which the smallest is told.
func ExampleTry() {
	findings, _, err := testing.Try("TestCounter", func(t *testing.T) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		n := 0
		for range 2 {
			wg.Go(func() {
				mu.Lock()
				v := n
				mu.Unlock()
				mu.Lock()
				n = v + 1
				mu.Unlock()
			})
		}
		if wg.Wait(); n != 2 {
			t.Errorf("it counts to %d", n)
		}
	}, testing.Search{Schedules: 200})
	fmt.Println(len(findings), findings[0].Kind, findings[0].Minimised, err)
	// Output: 1 failed 1 <nil>
}
