//go:build go1.26

package context

import (
	"context"

	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
)

// timed is a canceler with a deadline.
type timed struct {
	canceler
	deadline time.Time
	timer    *time.Timer // guarded by mu; nil once cancelled
}

// Deadline implements [Context].
func (c *timed) Deadline() (deadline time.Time, ok bool) { return c.deadline, true }

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
	if task.Find(nil) == nil {
		return context.WithDeadlineCause(parent, d, cause)
	}
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(d) {
		return WithCancel(parent)
	}
	c := &timed{deadline: d}
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
