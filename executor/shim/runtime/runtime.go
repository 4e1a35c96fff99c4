//go:build go1.26

// Package runtime provides what the standard library's runtime does to the scheduling of goroutines, in the same names, under a
// controlled run's schedule. See package task.
package runtime

import (
	"runtime"

	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// Gosched is [runtime.Gosched]: another task runs next by default, if there is one that can. Nothing says that the task waits
// for another.
func Gosched() { giveWay(schedule.OpYield) }

// Spin is for a loop of which it is known that it waits for others, and does nothing else: a turn of it that finds nothing need not be
// taken again before they have changed something. No function of the standard library's has its name.
func Spin() { giveWay(schedule.OpSpin) }

func giveWay(op schedule.Op) {
	if c := task.Find(nil); c != nil {
		c.Step(op, schedule.Object{})
		return
	}
	runtime.Gosched()
}

// Goexit is [runtime.Goexit].
func Goexit() { runtime.Goexit() }

// NumGoroutine is [runtime.NumGoroutine]; in a controlled run, how many tasks there are.
func NumGoroutine() int {
	if c := task.Find(nil); c != nil {
		return c.Live()
	}
	return runtime.NumGoroutine()
}

// Outside returns x, of which a method is about to be called that waits for something outside of the run, such as a child process. No function of
// the standard library's has its name.
//
//go:norace
func Outside[T any](x T) T {
	if c := task.Find(nil); c != nil {
		c.Outside()
	}
	return x
}

// RealTime returns f, a function that tells real times, or compares them with those it is given. No function of the standard library's has its name.
func RealTime[F any](f F) F {
	if c := task.Find(nil); c != nil {
		c.Doubt(task.RealTime)
	}
	return f
}

// Stack is [runtime.Stack].
func Stack(buf []byte, all bool) int {
	if c := task.Find(nil); c != nil && all {
		c.Doubt(task.Inspected)
	}
	return runtime.Stack(buf, all)
}

// ReadMemStats is [runtime.ReadMemStats].
func ReadMemStats(m *runtime.MemStats) {
	if c := task.Find(nil); c != nil {
		c.Doubt(task.Measured)
	}
	runtime.ReadMemStats(m)
}
