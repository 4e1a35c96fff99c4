package timers

import (
	"testing"
	"time"
)

// alarm rings once, unless it is closed before.
type alarm struct {
	timer *time.Timer
	rings chan string
	rung  chan struct{}
}

func newAlarm(delay time.Duration) *alarm {
	a := &alarm{rings: make(chan string, 1), rung: make(chan struct{})}
	a.timer = time.AfterFunc(delay, a.ring)
	return a
}

func (a *alarm) ring() {
	defer close(a.rung)
	a.rings <- "ring"
}

func (a *alarm) closeBuggy() {
	a.timer.Stop()
	close(a.rings)
}

// closeFixed waits for a ring that has begun.
func (a *alarm) closeFixed() {
	if !a.timer.Stop() {
		<-a.rung
	}
	close(a.rings)
}

// closeWhenDue closes an alarm at the time at which it rings.
func closeWhenDue(t *testing.T, closeIt func(*alarm)) {
	a := newAlarm(4 * time.Millisecond)
	for range 8 { // looks for something more important
		time.Sleep(500 * time.Microsecond)
	}
	closeIt(a)
	rings := 0
	for range a.rings {
		rings++
	}
	if rings > 1 {
		t.Errorf("the alarm has rung %d times", rings)
	}
}

// Stop does not wait for a function that has begun, which then sends on the
// closed channel.
//
// want: panic at (*alarm).ring
// want: race at (*alarm).ring
func TestAfterFuncAfterCloseBuggy(t *testing.T) {
	closeWhenDue(t, (*alarm).closeBuggy)
}

func TestAfterFuncAfterCloseFixed(t *testing.T) {
	closeWhenDue(t, (*alarm).closeFixed)
}
