//go:build go1.26

package time

import (
	"time"

	"synchrony/executor/shim/task"
)

// Real is the moment of real time that is as far off as t is by the run's clock: what code that is not controlled is to be given for t. It is t
// if that is zero, or was read from the real clock, as the caller's times are if it is no task.
func Real(t Time) Time {
	c := task.Find(nil)
	if c == nil {
		return t
	}
	return realAt(t, at(c))
}

// RealIn is Real for a time of the clock of a run that is in progress. Any goroutine may call it.
//
//go:norace
func RealIn(c *task.Current, t Time) Time { return realAt(t, start.Add(c.Elapsed())) }

func realAt(t, now Time) Time {
	if t.IsZero() || isReal(t) {
		return t
	}
	return time.Now().Add(t.Sub(now))
}

// isReal reports whether a time was read from the real clock: it then has a monotonic reading, which those of runs have not.
func isReal(t Time) bool { return t != t.Round(0) }

// virtual is the moment of the run's clock that is as far off as a real one is; t if that is none. It differs from run to run.
func virtual(c *task.Current, t Time) Time {
	if !isReal(t) {
		return t
	}
	return at(c).Add(time.Until(t))
}
