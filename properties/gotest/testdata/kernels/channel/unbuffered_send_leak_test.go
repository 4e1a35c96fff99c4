package channel

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func resolve() string { return "192.0.2.1" }

// lookupBuggy asks the resolver and gives up when ctx is cancelled.
func lookupBuggy(ctx context.Context) (string, error) {
	answer := make(chan string)
	go func() { answer <- resolve() }()
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// lookupFixed leaves room for an answer that nobody waits for any more.
func lookupFixed(ctx context.Context) (string, error) {
	answer, asked := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(asked)
		answer <- resolve()
	}()
	defer func() { <-asked }()
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// lookupWhileCancelled looks up a name whose caller loses interest.
func lookupWhileCancelled(t *testing.T, lookup func(context.Context) (string, error)) {
	ctx, cancel := context.WithCancel(context.Background())
	var caller sync.WaitGroup
	caller.Add(1)
	go func() {
		defer caller.Done()
		cancel()
	}()
	if a, err := lookup(ctx); err == nil && a != "192.0.2.1" || err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("lookup = %q, %v", a, err)
	}
	caller.Wait()
}

// When the cancellation wins, nobody receives from the unbuffered channel and
// the resolver's goroutine stays for ever.
//
// want: leak at lookupBuggy
func TestUnbufferedSendLeakBuggy(t *testing.T) {
	lookupWhileCancelled(t, lookupBuggy)
}

func TestUnbufferedSendLeakFixed(t *testing.T) {
	lookupWhileCancelled(t, lookupFixed)
}
