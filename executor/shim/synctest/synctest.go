//go:build go1.26

// Package synctest provides what the standard library's testing/synctest does, in the same names, on the clock of a controlled run. See
// package task.
//
// A bubble is the tasks that its test function starts, directly or not. While there is one, no time passes in the run as
// long as a task can go on. That the channels of a bubble are not used from outside is not checked.
package synctest

import (
	"time"

	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/models/trace"
)

// epoch is what the clock of a bubble shows at its beginning.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Test is [testing/synctest.Test].
func Test(t *testing.T, f func(*testing.T)) {
	c := task.Find(nil)
	if c == nil {
		panic("synctest: Test was called by no task of a controlled run")
	}
	if task.ScopeOf(c) != nil {
		panic("synctest.Test called from within a synctest bubble")
	}
	s := &task.Scope{Epoch: epoch, Began: c.Elapsed()}
	defer c.SetPatient(c.SetPatient(true))
	b, ended := t.NewBubble(), false
	task.Go(func() {
		defer func() { ended = true }()
		c.SetScope(s)
		b.Run(f)
	})
	self := c.Self()
	over := func() bool { return ended && c.Alone(s, self) }
	if c.Until(over, trace.OpJoin, trace.Object{Class: trace.ClassTask, Index: self.Number()}) && b.Failed() {
		t.FailNow()
	}
}

// Wait is [testing/synctest.Wait].
func Wait() {
	c := task.Find(nil)
	var s *task.Scope
	if c != nil {
		s = task.ScopeOf(c)
	}
	if s == nil {
		panic("goroutine is not in a bubble")
	}
	self := c.Self()
	c.Until(func() bool { return c.Quiet(s, self) }, trace.OpJoin, trace.Object{Class: trace.ClassTask, Index: self.Number()})
}
