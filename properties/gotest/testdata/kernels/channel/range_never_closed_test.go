package channel

import (
	"context"
	"sync"
	"testing"
)

func numbersBuggy(ctx context.Context, out chan<- int) {
	for i := range 3 {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
	close(out)
}

func numbersFixed(ctx context.Context, out chan<- int) {
	defer close(out)
	for i := range 3 {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
}

func sum(in <-chan int) int {
	total := 0
	for v := range in {
		total += v
	}
	return total
}

// sumWhileCancelled adds numbers until the producer is done or cancelled.
func sumWhileCancelled(t *testing.T, numbers func(context.Context, chan<- int)) {
	ctx, cancel := context.WithCancel(context.Background())
	out := make(chan int, 3)
	var others sync.WaitGroup
	others.Add(2)
	go func() {
		defer others.Done()
		cancel()
	}()
	go func() {
		defer others.Done()
		numbers(ctx, out)
	}()
	if total := sum(out); total > 3 {
		t.Errorf("sum = %d", total)
	}
	others.Wait()
}

// The producer returns without closing its channel when it is cancelled, and
// the consumer's range waits for ever.
//
// want: deadlock at sum
func TestRangeNeverClosedBuggy(t *testing.T) {
	sumWhileCancelled(t, numbersBuggy)
}

func TestRangeNeverClosedFixed(t *testing.T) {
	sumWhileCancelled(t, numbersFixed)
}
