package farm

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// How long a call that failed waits until it is tried again: at first, and at most.
const (
	firstWait = 100 * time.Millisecond
	longWait  = 2 * time.Second
)

// finalError is an error that does not pass if one waits.
type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }

func (e *finalError) Unwrap() error { return e.err }

// patiently makes a call again and again until the server answers it, each with a time of its own: a server that starts again, or a
// cluster without a leader, keeps a campaign waiting and does not end it. Each error is told to trouble, and nil when all is well again. The error is that of ctx,
// or a final one.
func patiently(ctx context.Context, trouble func(error), call func(context.Context) error) error {
	wait := firstWait
	for {
		limited, cancel := context.WithTimeout(ctx, callTime)
		err := call(limited)
		cancel()
		var final *finalError
		switch {
		case err == nil:
			if wait > firstWait {
				trouble(nil)
			}
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &final):
			return final.err
		}
		trouble(err)
		if !pause(ctx, wait) {
			return ctx.Err()
		}
		wait = min(2*wait, longWait)
	}
}

// pause waits, and reports whether ctx was not done meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// temporary reports whether a server's error passes: that it is starting, or that the cluster has no leader.
func temporary(err error) bool {
	var e *jetstream.APIError
	return errors.As(err, &e) && e.Code == 503
}

// teller tells what keeps somebody waiting: once, and again when it is back after all was well.
type teller struct {
	tell func(string)

	mu  sync.Mutex
	now string // what it is; empty if all is well
}

func (t *teller) trouble(text string) {
	t.mu.Lock()
	isNew := text != "" && text != t.now
	t.now = text
	t.mu.Unlock()
	if isNew {
		t.tell(text)
	}
}

// current is what keeps somebody waiting now; empty if all is well.
func (t *teller) current() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}
