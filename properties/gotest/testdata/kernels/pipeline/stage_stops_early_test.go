package pipeline

import (
	"sync"
	"testing"
)

// firstNegativeBuggy merges the sources and returns the first negative number,
// 0 if there is none.
func firstNegativeBuggy(sources ...[]int) int {
	merged := make(chan int)
	var readers sync.WaitGroup
	for _, source := range sources {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for _, v := range source {
				merged <- v
			}
		}()
	}
	go func() {
		readers.Wait()
		close(merged)
	}()
	for v := range merged {
		if v < 0 {
			return v
		}
	}
	return 0
}

// firstNegativeFixed tells the earlier stages that it is done, and sees them
// end.
func firstNegativeFixed(sources ...[]int) int {
	merged, done := make(chan int), make(chan struct{})
	var readers sync.WaitGroup
	for _, source := range sources {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for _, v := range source {
				select {
				case merged <- v:
				case <-done:
					return
				}
			}
		}()
	}
	defer func() {
		close(done)
		for range merged { // until all readers have ended
		}
	}()
	go func() {
		readers.Wait()
		close(merged)
	}()
	for v := range merged {
		if v < 0 {
			return v
		}
	}
	return 0
}

// The last stage returns when it has what it needs, and a reader that has more
// to send blocks for ever.
//
// want: leak at firstNegativeBuggy
func TestStageStopsEarlyBuggy(t *testing.T) {
	if v := firstNegativeBuggy([]int{1, -1}, []int{2}); v != -1 {
		t.Errorf("first negative number is %d", v)
	}
}

func TestStageStopsEarlyFixed(t *testing.T) {
	if v := firstNegativeFixed([]int{1, -1}, []int{2}); v != -1 {
		t.Errorf("first negative number is %d", v)
	}
}
