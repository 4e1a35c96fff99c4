package timers

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// reminder runs once, at a time that can be put off.
type reminder struct {
	mu    sync.Mutex
	timer *time.Timer // nil until it is scheduled
	runs  atomic.Int32
	ran   chan struct{}
}

func (r *reminder) schedule(delay time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = time.AfterFunc(delay, func() {
		r.runs.Add(1)
		r.ran <- struct{}{}
	})
}

func (r *reminder) putOffBuggy(delay time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Reset(delay)
	}
}

func (r *reminder) putOffFixed(delay time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil && r.timer.Stop() {
		r.timer.Reset(delay)
	}
}

// putOffWhenDue puts a reminder off at the time at which it is due.
func putOffWhenDue(t *testing.T, putOff func(*reminder, time.Duration)) {
	r := &reminder{ran: make(chan struct{}, 2)}
	var editor sync.WaitGroup
	editor.Add(1)
	go func() {
		defer editor.Done()
		time.Sleep(4 * time.Millisecond)
		putOff(r, 4*time.Millisecond)
	}()
	for range 6 { // looks for something to remind of
		time.Sleep(500 * time.Microsecond)
	}
	r.schedule(time.Millisecond)
	editor.Wait()
	<-r.ran
	time.Sleep(8 * time.Millisecond) // a second run would come within this time
	if n := r.runs.Load(); n != 1 {
		t.Errorf("the reminder has run %d times", n)
	}
}

// Reset starts a timer that has fired once more, so a reminder put off when it
// is due runs now and later.
//
// want: failed at putOffWhenDue
func TestResetRaceBuggy(t *testing.T) {
	putOffWhenDue(t, (*reminder).putOffBuggy)
}

// A timer that can be stopped has not fired, and is started again.
func TestResetRaceFixed(t *testing.T) {
	putOffWhenDue(t, (*reminder).putOffFixed)
}
