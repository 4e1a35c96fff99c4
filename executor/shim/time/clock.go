//go:build go1.26

package time

import (
	"time"

	"synchrony/executor/shim/task"
)

// start is what the clock of a run shows at its beginning.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Now is [time.Now].
func Now() Time {
	c := task.Find(nil)
	if c == nil {
		return time.Now()
	}
	c.Now()
	return at(c)
}

// at is the time of a run.
//
//go:norace
func at(c *task.Current) Time {
	if b := task.BubbleOf(c); b != nil {
		return b.Epoch.Add(c.Elapsed() - b.Began).Local()
	}
	return start.Add(c.Elapsed()).Local()
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
