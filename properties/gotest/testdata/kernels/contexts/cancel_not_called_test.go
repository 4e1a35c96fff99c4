package contexts

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

var errClosed = errors.New("the feed is closed")

// feed counts those who watch it until their context ends.
type feed struct {
	closed   atomic.Bool
	watching atomic.Int32
}

func (f *feed) watch(ctx context.Context) {
	f.watching.Add(1)
	<-ctx.Done()
	f.watching.Add(-1)
}

func (f *feed) readBuggy() error {
	ctx, cancel := context.WithCancel(context.Background())
	go f.watch(ctx)
	if f.closed.Load() {
		return errClosed
	}
	cancel()
	return nil
}

func (f *feed) readFixed() error {
	ctx, cancel := context.WithCancel(context.Background())
	var watcher sync.WaitGroup
	defer watcher.Wait()
	defer cancel()
	watcher.Add(1)
	go func() {
		defer watcher.Done()
		f.watch(ctx)
	}()
	if f.closed.Load() {
		return errClosed
	}
	return nil
}

// readWhileClosed reads a feed that is being closed.
func readWhileClosed(t *testing.T, read func(*feed) error) {
	var f feed
	var owner sync.WaitGroup
	owner.Add(1)
	go func() {
		defer owner.Done()
		f.closed.Store(true)
	}()
	if err := read(&f); err != nil && !errors.Is(err, errClosed) {
		t.Error(err)
	}
	owner.Wait()
}

// A feed closed early makes read return without cancelling its context, and
// the watcher stays for ever. (go vet's lostcancel complains, rightly.)
//
// want: leak at (*feed).watch
func TestCancelNotCalledBuggy(t *testing.T) {
	readWhileClosed(t, (*feed).readBuggy)
}

func TestCancelNotCalledFixed(t *testing.T) {
	readWhileClosed(t, (*feed).readFixed)
}
