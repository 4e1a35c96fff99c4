//go:build go1.26

package context

import (
	"context"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
)

// timed is a canceler with a deadline.
type timed struct {
	canceler
	run      *task.Current
	deadline time.Time
	timer    *time.Timer // guarded by mu; nil once cancelled
}

// Deadline implements [Context]. The standard library, a dialer say, is told a moment of real time: its own clock shows nothing else.
func (c *timed) Deadline() (deadline time.Time, ok bool) {
	if !askedByStandard() {
		return c.deadline, true
	}
	deadline = time.RealIn(c.run, c.deadline)
	c.run.Expires(uintptr(unsafe.Pointer(c)), "context", deadline)
	return deadline, true
}

// askedByStandard reports whether the standard library has called the method that calls it. That contexts are wrapped in others by package
// context, and by this one, tells nothing.
func askedByStandard() bool {
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		pkg := packageOf(f.Function)
		if pkg != "context" && pkg != own {
			return task.Standard(pkg)
		}
		if !more {
			return false
		}
	}
}

// own is the path of this package.
var own = reflect.TypeFor[timed]().PkgPath()

// packageOf is the import path in the full name of a function.
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	name, _, _ := strings.Cut(function[slash:], ".")
	return function[:slash] + strings.ReplaceAll(name, "%2e", ".")
}

// String is as that of the standard library's contexts.
func (c *timed) String() string {
	return nameOf(c.Context) + ".WithDeadline(" + c.deadline.String() + " [" + time.Until(c.deadline).String() + "])"
}

// WithTimeout is [context.WithTimeout].
func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc) {
	return WithDeadline(parent, time.Now().Add(timeout))
}

// WithTimeoutCause is [context.WithTimeoutCause].
func WithTimeoutCause(parent Context, timeout time.Duration, cause error) (Context, CancelFunc) {
	return WithDeadlineCause(parent, time.Now().Add(timeout), cause)
}

// WithDeadline is [context.WithDeadline].
func WithDeadline(parent Context, d time.Time) (Context, CancelFunc) {
	return WithDeadlineCause(parent, d, nil)
}

// WithDeadlineCause is [context.WithDeadlineCause].
func WithDeadlineCause(parent Context, d time.Time, cause error) (Context, CancelFunc) {
	run := task.Find(nil)
	if run == nil {
		return context.WithDeadlineCause(parent, d, cause)
	}
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if earlier, ok := time.Deadline(parent)(); ok && earlier.Before(d) {
		return WithCancel(parent)
	}
	c := &timed{run: run, deadline: d}
	c.Context, c.done = parent, make(chan struct{})
	c.follow(parent, c.cancel)
	left := time.Until(d)
	if left <= 0 {
		c.cancel(DeadlineExceeded, cause, true)
		return c, func() { c.cancel(Canceled, nil, false) }
	}
	c.mu.Lock()
	if c.err.Load() == nil {
		c.timer = time.AfterFunc(left, func() { c.cancel(DeadlineExceeded, cause, true) })
	}
	c.mu.Unlock()
	return c, func() { c.cancel(Canceled, nil, true) }
}

func (c *timed) cancel(err, cause error, remove bool) {
	c.canceler.cancel(err, cause, remove)
	c.mu.Lock()
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	c.mu.Unlock()
}
