package timers

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var errPending = errors.New("there are records that are not flushed")

// flusher writes out its pending records at regular intervals.
type flusher struct {
	pending  atomic.Int32
	quit     chan struct{}
	finished chan struct{}
}

func (f *flusher) loop() {
	defer close(f.finished)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			f.pending.Store(0)
		case <-f.quit:
			f.pending.Store(0)
			return
		}
	}
}

func (f *flusher) closeBuggy() error {
	if f.pending.Load() > 0 {
		return errPending
	}
	close(f.quit)
	<-f.finished
	return nil
}

func (f *flusher) closeFixed() error {
	close(f.quit)
	<-f.finished
	return nil
}

// closeWhileWritten closes a flusher while a record comes in.
func closeWhileWritten(t *testing.T, closeIt func(*flusher) error) {
	f := &flusher{quit: make(chan struct{}), finished: make(chan struct{})}
	go f.loop()
	var writer sync.WaitGroup
	writer.Add(1)
	go func() {
		defer writer.Done()
		f.pending.Add(1)
	}()
	if err := closeIt(f); err != nil {
		t.Log(err)
	}
	writer.Wait()
}

// A close that finds a pending record returns an error without ending the loop,
// which goes on ticking for ever.
//
// want: leak at (*flusher).loop
func TestTickerNeverStoppedBuggy(t *testing.T) {
	closeWhileWritten(t, (*flusher).closeBuggy)
}

func TestTickerNeverStoppedFixed(t *testing.T) {
	closeWhileWritten(t, (*flusher).closeFixed)
}
