//go:build go1.26

package testing

import (
	"errors"
	"time"

	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/task"
)

// T is [testing.T].
type T struct {
	common
	up       *T            // the test that this is a subtest of
	parallel bool          // Parallel was called
	bubble   bool          // it is in a bubble of package synctest
	signal   chan bool     // to the parent: it goes on, or is over
	barrier  chan struct{} // closed for parallel subtests to run
	subs     []*T          // parallel ones
}

// body runs f as the body of t: its subtests and cleanup functions are over when it returns.
func (t *T) body(f func(*T)) {
	defer t.finish()
	f(t)
	t.mu.Lock()
	t.finished = true
	t.mu.Unlock()
}

// errGoexit is what the standard library panics with if a test ends its goroutine by other means than its own.
var errGoexit = errors.New("test executed panic(nil) or runtime.Goexit")

func (t *T) finish() {
	if task.Over() { // the run was ended in the middle of the test
		return
	}
	switch p := recover(); {
	case p != nil:
		t.Fail()
		panic(p)
	case t.isFinished():
	case t.parentFinished():
		if !t.parallel {
			t.Errorf("%v: subtest may have called FailNow on a parent test", errGoexit)
		}
	default:
		t.Fail()
		panic(errGoexit)
	}
	defer t.complete()
	if len(t.subs) > 0 {
		channel.Close(t.barrier)
		for _, s := range t.subs {
			channel.Recv(s.signal)
		}
	}
	t.cleanUp()
}

func (c *common) isFinished() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.finished
}

func (c *common) parentFinished() bool {
	for p := c.parent; p != nil; p = p.parent {
		if p.isFinished() {
			return true
		}
	}
	return false
}

func (t *T) complete() {
	if task.Over() {
		return
	}
	t.mu.Lock()
	t.done = true
	t.mu.Unlock()
	if t.up != nil {
		channel.To(t.signal).Send(true)
	}
}

// Parallel is [testing.T.Parallel]: subtests run in parallel with others of the same test, which may run in any order; how
// many at a time is not bounded. A test that is no subtest runs alone.
func (t *T) Parallel() {
	t.outside("Parallel")
	if t.parallel {
		panic("testing: t.Parallel called multiple times")
	}
	if t.envSet {
		panic(parallelConflict)
	}
	t.parallel = true
	if t.up == nil {
		return
	}
	t.up.subs = append(t.up.subs, t)
	channel.To(t.signal).Send(true)
	channel.Recv(t.up.barrier)
}

const parallelConflict = "testing: test using t.Setenv, t.Chdir, or cryptotest.SetGlobalRandom can not use t.Parallel"

// Setenv is [testing.T.Setenv].
func (t *T) Setenv(key, value string) {
	t.process()
	t.common.Setenv(key, value)
}

// Chdir is [testing.T.Chdir].
func (t *T) Chdir(dir string) {
	t.process()
	t.common.Chdir(dir)
}

// process refuses to change what the process has one of if tests run in parallel.
func (t *T) process() {
	for s := t; s != nil; s = s.up {
		if s.parallel {
			panic(parallelConflict)
		}
	}
	t.envSet = true
}

// Deadline is [testing.T.Deadline]: there is none.
func (t *T) Deadline() (deadline time.Time, ok bool) {
	t.outside("Deadline")
	return time.Time{}, false
}

// Run is [testing.T.Run].
func (t *T) Run(name string, f func(*T)) bool {
	t.outside("Run")
	sub := &T{common: common{run: t.run, parent: &t.common, name: t.subName(name)}, up: t}
	sub.signal, sub.barrier = make(chan bool, 1), make(chan struct{})
	task.Go(func() { sub.body(f) })
	channel.Recv(sub.signal)
	return !sub.Failed()
}
