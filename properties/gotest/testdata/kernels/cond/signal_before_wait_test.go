package cond

import (
	"sync"
	"testing"
)

// index is built in the background.
type index struct {
	mu    sync.Mutex
	built *sync.Cond
	ready bool
}

func (x *index) build() {
	x.mu.Lock()
	x.ready = true
	x.mu.Unlock()
	x.built.Signal()
}

func (x *index) awaitBuggy() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.built.Wait()
}

func (x *index) awaitFixed() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for !x.ready {
		x.built.Wait()
	}
}

// buildAndAwait waits for an index that another goroutine builds.
func buildAndAwait(t *testing.T, await func(*index)) {
	x := &index{}
	x.built = sync.NewCond(&x.mu)
	var builder sync.WaitGroup
	builder.Add(1)
	go func() {
		defer builder.Done()
		x.build()
	}()
	await(x)
	builder.Wait()
	if !x.ready {
		t.Error("the index is not ready")
	}
}

// A signal wakes who waits now. When the index is built first, nobody does, and
// the later Wait lasts for ever.
//
// want: deadlock at (*index).awaitBuggy
func TestSignalBeforeWaitBuggy(t *testing.T) {
	buildAndAwait(t, (*index).awaitBuggy)
}

func TestSignalBeforeWaitFixed(t *testing.T) {
	buildAndAwait(t, (*index).awaitFixed)
}
