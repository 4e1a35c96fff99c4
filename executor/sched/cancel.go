package sched

import (
	"context"
	"sync/atomic"

	"synchrony/models/schedule"
)

// WithCancel is [context.WithCancel] for a context whose cancellation OnDone sees
// under control. In a controlled run, cancel is a yield point: a store to the
// context's object, which is of class cancel and numbered from 0 in order of creation. A
// context derived from one made here has the object of that one.
func (rt *Runtime) WithCancel(parent context.Context) (context.Context, context.CancelFunc) {
	if rt != nil && rt.ctl != nil {
		return rt.ctl.withCancel(rt, parent)
	}
	ctx, cancel := context.WithCancel(parent)
	if rt == nil || rt.noise == nil {
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
	remove := context.AfterFunc(ctx, func() {
		rt.disturb()
		f()
	})
	return func() bool {
		rt.disturb()
		return remove()
	}
}

// cancelNode is what a controlled run knows of a context made by WithCancel.
type cancelNode struct {
	rt      *Runtime
	parent  *cancelNode
	object  schedule.Object
	done    bool
	waiting []*doneFunc
}

// doneFunc is a function registered by OnDone.
type doneFunc struct {
	f     func()
	over  bool         // started or stopped
	edges atomic.Int32 // orders f after OnDone and cancel, for the race detector
}

type cancelKey struct{}

// watched is a context that notes when somebody looks whether it is cancelled: that is no step, but part
// of the one before, as far as an [Explorer] is concerned.
type watched struct {
	context.Context
	rt *Runtime
}

func (w watched) Err() error {
	w.look()
	return w.Context.Err()
}

func (w watched) Done() <-chan struct{} {
	w.look()
	return w.Context.Done()
}

//go:norace
func (w watched) look() {
	if c := w.rt.ctl; c != nil {
		c.tail |= looked
	}
}

// nodeOf finds the node that governs ctx.
func nodeOf(rt *Runtime, ctx context.Context) *cancelNode {
	if n, ok := ctx.Value(cancelKey{}).(*cancelNode); ok && n.rt == rt {
		return n
	}
	return nil
}

func (c *controlled) withCancel(rt *Runtime, parent context.Context) (context.Context, context.CancelFunc) {
	n := c.newNode(rt, nodeOf(rt, parent), parent.Err() != nil)
	ctx, cancel := context.WithCancel(context.WithValue(parent, cancelKey{}, n))
	return watched{ctx, rt}, func() {
		c := rt.ctl
		if c == nil || c.isOver() {
			cancel()
			return
		}
		c.announce(c.running, schedule.OpStore, n.object)
		cancel()
		c.cancelled(n)
	}
}

//go:norace
func (c *controlled) newNode(rt *Runtime, parent *cancelNode, done bool) *cancelNode {
	n := &cancelNode{rt: rt, parent: parent, done: done}
	if parent != nil {
		c.tail |= looked
		n.object = parent.object
	} else {
		n.object = schedule.Object{Class: schedule.ClassCancel, Index: c.counts[schedule.ClassCancel]}
		c.counts[schedule.ClassCancel]++
	}
	c.cancels = append(c.cancels, n)
	return n
}

// cancelled starts the functions that wait for n or for a node derived from it, in
// order of creation and registration.
//
//go:norace
func (c *controlled) cancelled(n *cancelNode) {
	for _, d := range c.cancels {
		if d.done || !d.derives(n) {
			continue
		}
		d.done = true
		for _, w := range d.waiting {
			if !w.over {
				w.over = true
				w.edges.Add(1)
				c.start("cancel", int(d.object.Index), w.f, d.object, &w.edges)
			}
		}
		d.waiting = nil
	}
}

//go:norace
func (n *cancelNode) derives(from *cancelNode) bool {
	for ; n != nil; n = n.parent {
		if n == from {
			return true
		}
	}
	return false
}

//go:norace
func (c *controlled) onDone(rt *Runtime, ctx context.Context, f func()) (stop func() bool) {
	if c.isOver() {
		return func() bool { return false }
	}
	n, w := nodeOf(rt, ctx), &doneFunc{f: f}
	object := schedule.Object{Class: schedule.ClassCancel, Index: -1} // nothing that can happen in this run
	if n != nil {
		object = n.object
	}
	c.announce(c.running, schedule.OpArm, object)
	w.edges.Add(1)
	switch {
	case ctx.Err() != nil:
		w.over = true
		c.start("cancel", int(object.Index), f, object, &w.edges)
	case n != nil:
		n.waiting = append(n.waiting, w)
	}
	return func() bool {
		c := rt.ctl
		if c == nil || c.isOver() {
			return false
		}
		c.announce(c.running, schedule.OpStop, object)
		return w.stop()
	}
}

//go:norace
func (w *doneFunc) stop() bool {
	if w.over {
		return false
	}
	w.over = true
	return true
}
