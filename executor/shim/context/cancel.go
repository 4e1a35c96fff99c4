//go:build go1.26

package context

import (
	"context"
	"fmt"
	"reflect"

	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
)

// canceler is a context that can be cancelled.
type canceler struct {
	Context // the parent
	done    chan struct{}
	cause   error // set before err
	err     atomic.Pointer[error]

	mu       sync.Mutex
	children children // guarded by mu; emptied when cancelled
	list     *children
	place    *child // in the list of the parent, guarded by its mu
	stop     func() bool
}

// key0 asks a context for the nearest canceler.
var key0 any = &struct{ byte }{}

// nearest returns the canceler that ctx is, or is derived from by values only.
func nearest(ctx Context) *canceler {
	c, _ := ctx.Value(key0).(*canceler)
	if c == nil || ctx.Done() != (<-chan struct{})(c.done) {
		return nil
	}
	return c
}

// Done implements [Context].
func (c *canceler) Done() <-chan struct{} { return c.done }

// Err implements [Context].
func (c *canceler) Err() error {
	err := c.err.Load()
	if err == nil {
		return nil
	}
	channel.Recv(c.done) // who sees the error finds it closed, too
	return *err
}

// Value implements [Context].
func (c *canceler) Value(key any) any {
	if key == key0 {
		return c
	}
	return c.Context.Value(key)
}

// String is as that of the standard library's contexts.
func (c *canceler) String() string { return nameOf(c.Context) + ".WithCancel" }

// nameOf is what a context calls itself.
func nameOf(c Context) string {
	if s, ok := c.(fmt.Stringer); ok {
		return s.String()
	}
	return reflect.TypeOf(c).String()
}

// WithCancel is [context.WithCancel].
func WithCancel(parent Context) (Context, CancelFunc) {
	if task.Find(nil) == nil {
		return context.WithCancel(parent)
	}
	c := derive(parent)
	return c, func() { c.cancel(Canceled, nil, true) }
}

// WithCancelCause is [context.WithCancelCause].
func WithCancelCause(parent Context) (Context, CancelCauseFunc) {
	if task.Find(nil) == nil {
		return context.WithCancelCause(parent)
	}
	c := derive(parent)
	return c, func(cause error) { c.cancel(Canceled, cause, true) }
}

// Cause is [context.Cause].
func Cause(ctx Context) error {
	c, _ := ctx.Value(key0).(*canceler)
	if c == nil {
		return context.Cause(ctx)
	}
	if c.err.Load() != nil {
		return c.cause
	}
	return ctx.Err() // of another kind of context in between
}

func derive(parent Context) *canceler {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	c := &canceler{Context: parent, done: make(chan struct{})}
	c.follow(parent, c.cancel)
	return c
}

// follow sees to it that cancel is called when the parent is cancelled.
func (c *canceler) follow(parent Context, cancel func(err, cause error, remove bool)) {
	done := parent.Done()
	if done == nil {
		return
	}
	if channel.Select(true, channel.RecvCase(done)) == 0 {
		cancel(parent.Err(), Cause(parent), false)
		return
	}
	if p := nearest(parent); p != nil {
		p.adopt(c, cancel)
		return
	}
	cancelled := func() { cancel(parent.Err(), Cause(parent), false) }
	if p, ok := parent.(interface{ AfterFunc(func()) func() bool }); ok {
		c.stop = p.AfterFunc(cancelled)
		return
	}
	task.Go(func() {
		if channel.Select(false, channel.RecvCase(done), channel.RecvCase(c.done)) == 0 {
			cancelled()
		}
	})
}

// adopt makes c one of p's children, unless p is cancelled.
func (p *canceler) adopt(c *canceler, cancel func(err, cause error, remove bool)) {
	p.mu.Lock()
	err := p.err.Load()
	if err == nil {
		c.list, c.place = &p.children, p.children.add(cancel)
	}
	p.mu.Unlock()
	if err != nil {
		cancel(*err, p.cause, false)
	}
}

// cancel cancels c and what is derived from it, and removes it from its parent's children.
func (c *canceler) cancel(err, cause error, remove bool) {
	if cause == nil {
		cause = err
	}
	c.mu.Lock()
	if c.err.Load() != nil {
		c.mu.Unlock()
		return
	}
	c.cause = cause
	c.err.Store(&err)
	channel.Close(c.done)
	for k := c.children.take(); k != nil; k = c.children.take() {
		k.cancel(err, cause, false)
	}
	c.mu.Unlock()
	if remove {
		c.leave()
	}
}

// leave takes c from its parent's children.
func (c *canceler) leave() {
	if c.stop != nil {
		c.stop()
		return
	}
	if p := nearest(c.Context); p != nil && c.place != nil {
		p.mu.Lock()
		c.list.remove(c.place)
		p.mu.Unlock()
	}
}
