package atomics

import (
	"sync"
	"sync/atomic"
	"testing"
)

// peak keeps the largest value observed.
type peak struct{ value atomic.Int64 }

func (p *peak) observeBuggy(v int64) {
	old := p.value.Load()
	if v > old {
		p.value.CompareAndSwap(old, v)
	}
}

func (p *peak) observeFixed(v int64) {
	for {
		old := p.value.Load()
		if v <= old || p.value.CompareAndSwap(old, v) {
			return
		}
	}
}

// observeTwo lets two goroutines observe a value each.
func observeTwo(t *testing.T, observe func(*peak, int64)) {
	var p peak
	var observers sync.WaitGroup
	for _, v := range []int64{5, 9} {
		observers.Add(1)
		go func() {
			defer observers.Done()
			observe(&p, v)
		}()
	}
	observers.Wait()
	if v := p.value.Load(); v != 9 {
		t.Errorf("peak = %d, want 9", v)
	}
}

// The larger value is lost when its one compare-and-swap fails because the
// smaller value came between.
//
// want: failed at observeTwo
func TestCASWithoutRetryBuggy(t *testing.T) {
	observeTwo(t, (*peak).observeBuggy)
}

func TestCASWithoutRetryFixed(t *testing.T) {
	observeTwo(t, (*peak).observeFixed)
}
