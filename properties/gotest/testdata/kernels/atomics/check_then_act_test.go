package atomics

import (
	"sync"
	"sync/atomic"
	"testing"
)

// limiter admits at most limit requests.
type limiter struct {
	limit    int32
	admitted atomic.Int32
}

func (l *limiter) admitBuggy() bool {
	if l.admitted.Load() >= l.limit {
		return false
	}
	l.admitted.Add(1)
	return true
}

func (l *limiter) admitFixed() bool {
	for {
		n := l.admitted.Load()
		if n >= l.limit {
			return false
		}
		if l.admitted.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// admitTwo lets two requests ask a limiter that admits one.
func admitTwo(t *testing.T, admit func(*limiter) bool) {
	l := &limiter{limit: 1}
	var admitted atomic.Int32
	var requests sync.WaitGroup
	for range 2 {
		requests.Add(1)
		go func() {
			defer requests.Done()
			if admit(l) {
				admitted.Add(1)
			}
		}()
	}
	requests.Wait()
	if n := admitted.Load(); n != 1 {
		t.Errorf("%d requests are admitted, want 1", n)
	}
}

// Both requests compare with the limit before either is counted.
//
// want: failed at admitTwo
func TestCheckThenActBuggy(t *testing.T) {
	admitTwo(t, (*limiter).admitBuggy)
}

func TestCheckThenActFixed(t *testing.T) {
	admitTwo(t, (*limiter).admitFixed)
}
