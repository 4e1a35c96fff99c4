package waitgroup

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

// batch counts the items that are processed.
type batch struct {
	pending   sync.WaitGroup
	processed atomic.Int32
}

func (b *batch) processBuggy(ctx context.Context) {
	defer b.pending.Done()
	if ctx.Err() != nil {
		b.pending.Done() // the item is given up
		return
	}
	b.processed.Add(1)
}

func (b *batch) processFixed(ctx context.Context) {
	defer b.pending.Done()
	if ctx.Err() != nil {
		return
	}
	b.processed.Add(1)
}

// processWhileCancelled processes one item that its caller may give up.
func processWhileCancelled(t *testing.T, process func(*batch, context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var caller sync.WaitGroup
	caller.Add(1)
	go func() {
		defer caller.Done()
		cancel()
	}()
	var b batch
	b.pending.Add(1)
	go process(&b, ctx)
	b.pending.Wait()
	caller.Wait()
	if n := b.processed.Load(); n > 1 {
		t.Errorf("%d items of 1 are processed", n)
	}
}

// An item given up is counted down twice: once where it is given up, once by
// the deferred call.
//
// want: panic at (*batch).processBuggy
func TestNegativeCounterBuggy(t *testing.T) {
	processWhileCancelled(t, (*batch).processBuggy)
}

func TestNegativeCounterFixed(t *testing.T) {
	processWhileCancelled(t, (*batch).processFixed)
}
