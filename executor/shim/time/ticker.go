//go:build go1.26

package time

import (
	"time"

	"synchrony/executor/shim/task"
)

// Ticker is [time.Ticker].
type Ticker struct {
	// C is where the ticks are sent.
	C <-chan Time

	real *time.Ticker
	alarm
}

// NewTicker is [time.NewTicker].
func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	c := task.Find(nil)
	if c == nil {
		real := time.NewTicker(d)
		return &Ticker{real: real, C: real.C}
	}
	t := &Ticker{}
	t.c = make(chan Time, 1)
	t.C = t.c
	t.reset(c, d, d)
	return t
}

// Tick is [time.Tick].
func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}

// Stop is [time.Ticker.Stop].
func (t *Ticker) Stop() {
	if t.real != nil {
		t.real.Stop()
		return
	}
	t.stop(task.Find(nil)) // one that was not made by NewTicker is let pass, as in the standard library
}

// Reset is [time.Ticker.Reset].
func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if t.real != nil {
		t.real.Reset(d)
		return
	}
	t.check("Reset called on uninitialized Ticker")
	t.reset(task.Find(nil), d, d)
}
