//go:build go1.26

package synctest_test

import (
	"fmt"

	"synchrony/executor/shim/synctest"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// In a bubble time stands still while anything can go on, so that an hour takes no time, in each of 20 schedules.
func Example() {
	_, done, err := testing.Try("TestHour", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began, rang := time.Now(), false
			task.Go(func() { time.Sleep(time.Hour); rang = true })
			time.Sleep(time.Hour)
			synctest.Wait()
			if !rang || time.Since(began) != time.Hour {
				t.Error("it did not ring after an hour")
			}
		})
	}, testing.Search{Schedules: 20})
	fmt.Println(done.Kinds, err)
	// Output: map[passed:20] <nil>
}
