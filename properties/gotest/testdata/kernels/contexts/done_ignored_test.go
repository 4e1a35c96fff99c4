package contexts

import (
	"context"
	"sync"
	"testing"
)

// countBuggy looks at ctx before each send, not while it sends.
func countBuggy(ctx context.Context, out chan<- int) {
	defer close(out)
	for i := range 2 {
		if ctx.Err() != nil {
			return
		}
		out <- i
	}
}

func countFixed(ctx context.Context, out chan<- int) {
	defer close(out)
	for i := range 2 {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
}

// receive takes numbers until there are no more or ctx ends.
func receive(ctx context.Context, in <-chan int) int {
	received := 0
	for {
		select {
		case _, open := <-in:
			if !open {
				return received
			}
			received++
		case <-ctx.Done():
			return received
		}
	}
}

// receiveWhileCancelled cancels both sides while numbers are on their way and
// returns the group in which count runs.
func receiveWhileCancelled(t *testing.T, count func(context.Context, chan<- int)) *sync.WaitGroup {
	ctx, cancel := context.WithCancel(context.Background())
	var caller, counting sync.WaitGroup
	caller.Add(1)
	go func() {
		defer caller.Done()
		cancel()
	}()
	out := make(chan int)
	counting.Add(1)
	go func() {
		defer counting.Done()
		count(ctx, out)
	}()
	if n := receive(ctx, out); n > 2 {
		t.Errorf("received %d numbers", n)
	}
	caller.Wait()
	return &counting
}

// The receiver leaves when ctx ends, and the counter, blocked in its send, does
// not look at ctx any more.
//
// want: leak at countBuggy
func TestDoneIgnoredBuggy(t *testing.T) {
	receiveWhileCancelled(t, countBuggy)
}

func TestDoneIgnoredFixed(t *testing.T) {
	receiveWhileCancelled(t, countFixed).Wait()
}
