//go:build go1.26

package time

import (
	"time"

	"synchrony/executor/shim/task"
)

// start is what the clock of a run shows at its beginning: no round time, at which what happens at midnight, or on the first of a month, would
// happen in every run.
var start = time.Date(2026, 3, 18, 10, 41, 23, 456_789_012, time.UTC)

// Now is [time.Now]. While packages are initialised it is what the clock of each run shows at its beginning: the variables of packages hold such
// times, which runs compare with their own.
func Now() Time {
	c := task.Find(nil)
	if c == nil {
		if task.Initialising() {
			return start.Local()
		}
		return time.Now()
	}
	c.Now()
	return at(c)
}

// at is the time of a run. No timer is ever exactly on time, and programs rely on it: who sleeps for as long as something is valid finds that it
// no longer is. Nor do two readings show the same time, where clocks count nanoseconds. So this one shows a nanosecond more for each time that it
// has moved, or was read. In a bubble it is exact, as it is documented to be.
//
//go:norace
func at(c *task.Current) Time {
	if b := task.BubbleOf(c); b != nil {
		return b.Epoch.Add(c.Elapsed() - b.Began).Local()
	}
	return start.Add(c.Elapsed() + c.Drift()).Local()
}

// Since is [time.Since].
func Since(t Time) Duration { return Now().Sub(t) }

// Until is [time.Until].
func Until(t Time) Duration { return t.Sub(Now()) }

// Sleep is [time.Sleep].
func Sleep(d Duration) {
	if c := task.Find(nil); c != nil {
		c.Sleep(d)
		return
	}
	time.Sleep(d)
}
