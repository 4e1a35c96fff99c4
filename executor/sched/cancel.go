package sched

import (
	"context"
)

// WithCancel is [context.WithCancel] for a context whose cancellation OnDone sees
// under control. In a controlled run, cancel is a yield point (a store to the
// context's cancel object: class cancel, numbered from 0 in order of creation).
func (rt *Runtime) WithCancel(parent context.Context) (context.Context, context.CancelFunc) {
	if rt != nil && rt.ctl != nil {
		return rt.ctl.withCancel(rt, parent)
	}
	ctx, cancel := context.WithCancel(parent)
	if rt == nil || rt.chaos == nil {
		return ctx, cancel
	}
	return ctx, func() {
		rt.disturb()
		cancel()
	}
}

// OnDone runs f as a task of its own once ctx is done, unless stop is called
// first; stop reports whether it kept f from running. It is [context.AfterFunc]
// under control.
//
// In a controlled run only the cancellation of contexts made by
// [Runtime.WithCancel], and of those derived from them, is seen: f never
// runs for another context, unless that is done when OnDone is called. Contexts with a
// deadline belong to real time: use AfterFunc for a timeout.
func (rt *Runtime) OnDone(ctx context.Context, f func()) (stop func() bool) {
	if rt == nil {
		return context.AfterFunc(ctx, f)
	}
	if c := rt.ctl; c != nil {
		return c.onDone(rt, ctx, f)
	}
	rt.disturb()
	stop = context.AfterFunc(ctx, func() {
		rt.disturb()
		f()
	})
	return func() bool {
		rt.disturb()
		return stop()
	}
}
