//go:build !race

package sched

import "iter"

// raceBuild says that the race detector watches. The root loop then takes the
// decisions, so that no strategy runs on the stacks of several tasks.
const raceBuild = false

// coroutine runs a function in turns with its resumer. iter.Pull switches in
// some 30 ns, without the Go scheduler.
type coroutine struct {
	next  func() (struct{}, bool)
	yield func(struct{}) bool
}

func newCoroutine(body func()) *coroutine {
	co := new(coroutine)
	co.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		co.yield = yield
		body()
	})
	return co
}

// resume runs the coroutine until it leaves or ends. If it ends by
// runtime.Goexit, so does the caller: see controlled.release.
func (co *coroutine) resume() { co.next() }

// leave returns from resume; called by the coroutine.
func (co *coroutine) leave() { co.yield(struct{}{}) }
