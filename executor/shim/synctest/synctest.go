//go:build go1.26

// Package synctest provides what the standard library's testing/synctest does, in the same names, on the clock of a controlled run. See
// package task.
//
// A bubble is the tasks that its test function starts, directly or not. While there is one, no time passes in the run as
// long as a task can go on. That the channels of a bubble are not used from outside is not checked.
package synctest

import (
	"time"

	"synchrony/executor/sched"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/models/schedule"
)

// epoch is what the clock of a bubble shows at its beginning.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Test is [testing/synctest.Test].
func Test(t *testing.T, f func(*testing.T)) {
	c := task.Find(nil)
	if c == nil {
		panic("synctest: Test was called by no task of a controlled run")
	}
	if task.BubbleOf(c) != nil {
		panic("synctest.Test called from within a synctest bubble")
	}
	s := &sched.Scope{Value: &task.Bubble{Epoch: epoch, Began: c.Elapsed()}}
	defer c.SetPatient(c.SetPatient(true))
	t2 := t.NewBubble()
	b := &bubble{c: c, scope: s, root: c.Self()}
	task.Go(func() {
		defer b.end()
		c.SetScope(s)
		t2.Run(f)
	})
	if b.join() && t2.Failed() {
		t.FailNow()
	}
}

// Wait is [testing/synctest.Wait].
func Wait() {
	c := task.Find(nil)
	if c == nil || task.BubbleOf(c) == nil {
		panic("goroutine is not in a bubble")
	}
	s := c.Self().Scope()
	b := &bubble{c: c, scope: s, root: c.Self()}
	c.Until(b.quiet, schedule.OpJoin, b.object())
	s.Join()
}

// bubble is what tells when a bubble has come to rest. The scheduler asks it, unseen by the race detector.
type bubble struct {
	c     *task.Current
	scope *sched.Scope
	root  sched.Task // that waits for it
	ended bool       // so has its test
}

//go:norace
func (b *bubble) object() schedule.Object {
	return schedule.Object{Class: schedule.ClassTask, Index: b.root.Number()}
}

//go:norace
func (b *bubble) end() { b.ended = true }

//go:norace
func (b *bubble) quiet() bool { return b.c.Quiet(b.scope, b.root) }

//go:norace
func (b *bubble) over() bool { return b.ended && b.c.Alone(b.scope, b.root) }

// join waits until no task is left in the bubble; false if the run is over.
func (b *bubble) join() bool {
	ok := b.c.Until(b.over, schedule.OpJoin, b.object())
	b.scope.Join()
	return ok
}
