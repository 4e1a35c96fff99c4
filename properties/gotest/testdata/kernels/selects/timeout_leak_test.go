package selects

import (
	"context"
	"errors"
	"testing"
	"time"
)

const latency = 5 * time.Millisecond

// backend replies after its latency, or at once when ctx ends.
func backend(ctx context.Context) string {
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return "reply"
	case <-ctx.Done():
		return ""
	}
}

func fetchBuggy(timeout time.Duration) (string, error) {
	reply := make(chan string)
	go func() { reply <- backend(context.Background()) }()
	select {
	case r := <-reply:
		return r, nil
	case <-time.After(timeout):
		return "", context.DeadlineExceeded
	}
}

func fetchFixed(timeout time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	reply, finished := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(finished)
		reply <- backend(ctx)
	}()
	defer func() { cancel(); <-finished }()
	select {
	case r := <-reply:
		return r, ctx.Err()
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// fetchOnce accepts a reply and a time-out.
func fetchOnce(t *testing.T, fetch func(time.Duration) (string, error)) {
	if r, err := fetch(latency); err == nil && r != "reply" || err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("fetch = %q, %v", r, err)
	}
}

// A reply that comes together with the time-out finds nobody receiving.
//
// want: leak at fetchBuggy
func TestTimeoutLeakBuggy(t *testing.T) {
	fetchOnce(t, fetchBuggy)
}

func TestTimeoutLeakFixed(t *testing.T) {
	fetchOnce(t, fetchFixed)
}
