//go:build go1.26

package time

import (
	"time"

	"synchrony/executor/sched"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/task"
)

// Timer is [time.Timer].
type Timer struct {
	// C is where the time is sent when the timer fires; nil for AfterFunc.
	C <-chan Time

	real *time.Timer
	alarm
}

// alarm is the part of a timer or ticker that a run sets.
type alarm struct {
	run  *task.Current
	set  *sched.Alarm
	c    chan Time
	f    func()
	made bool
}

// NewTimer is [time.NewTimer].
func NewTimer(d Duration) *Timer {
	c := task.Find(nil)
	if c == nil {
		real := time.NewTimer(d)
		return &Timer{real: real, C: real.C}
	}
	t := &Timer{}
	t.c = make(chan Time, 1)
	t.C = t.c
	t.reset(c, d, 0)
	return t
}

// After is [time.After].
func After(d Duration) <-chan Time { return NewTimer(d).C }

// AfterFunc is [time.AfterFunc].
func AfterFunc(d Duration, f func()) *Timer {
	c := task.Find(nil)
	if c == nil {
		return &Timer{real: time.AfterFunc(d, f)}
	}
	t := &Timer{}
	t.f = f
	t.reset(c, d, 0)
	return t
}

// Stop is [time.Timer.Stop].
func (t *Timer) Stop() bool {
	if t.real != nil {
		return t.real.Stop()
	}
	t.check("Stop called on uninitialized Timer")
	return t.stop(task.Find(nil))
}

// Reset is [time.Timer.Reset].
func (t *Timer) Reset(d Duration) bool {
	if t.real != nil {
		return t.real.Reset(d)
	}
	t.check("Reset called on uninitialized Timer")
	return t.reset(task.Find(nil), d, 0)
}

func (a *alarm) check(message string) {
	if !a.made {
		panic("time: " + message)
	}
}

// stop returns whether the timer was to fire, or had fired and not been looked at. A timer that another run left
// behind does nothing any more.
//
//go:norace
func (a *alarm) stop(c *task.Current) bool {
	if c == nil || a.run != c {
		return false
	}
	was := a.set.Unset()
	return a.c != nil && channel.Drain(a.c) || was
}

//go:norace
func (a *alarm) reset(c *task.Current, d, period Duration) bool {
	if c == nil {
		return false
	}
	if a.run != c {
		a.run, a.made = c, true
		a.set = c.NewAlarm(a.ring, a.heeded)
		if a.c != nil {
			channel.OfTimer(c, a.c, a.set.Object())
		}
	}
	was := a.set.Set(d, period)
	return a.c != nil && channel.Drain(a.c) || was
}

// ring is called by the clock.
//
//go:norace
func (a *alarm) ring() {
	if a.f != nil {
		a.set.Spawn(a.f)
		return
	}
	channel.Deliver(a.run, a.c, at(a.run))
}

// heeded reports whether somebody would notice if the alarm rang.
//
//go:norace
func (a *alarm) heeded() bool { return a.f != nil || channel.Awaited(a.run, a.c) }
