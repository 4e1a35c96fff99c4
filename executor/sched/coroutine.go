//go:build !race

package sched

import "iter"

// raceBuild says that the race detector watches. The root loop then takes the
// decisions, so that no strategy runs on the stacks of several tasks.
const raceBuild = false

// coroutine runs a function in turns with its resumer. iter.Pull switches in
// some 30 ns, without the Go scheduler.
type coroutine struct {
	seq   iter.Seq[struct{}] // kept for further starts
	next  func() (struct{}, bool)
	yield func(struct{}) bool
}

// start makes the coroutine ready to run body, which is always the same one. The
// coroutine is made by the caller of start, not by that of resume.
func (co *coroutine) start(body func()) {
	if co.seq == nil {
		co.seq = func(yield func(struct{}) bool) {
			co.yield = yield
			body()
		}
	}
	co.next, _ = iter.Pull(co.seq)
}

// resume runs the coroutine until it leaves or ends. If it ends by
// runtime.Goexit, so does the caller: see controlled.release.
func (co *coroutine) resume() { co.next() }

// leave returns from resume; called by the coroutine.
func (co *coroutine) leave() { co.yield(struct{}{}) }

// raceErrors is how many races the detector has reported: none, where it does not watch.
func raceErrors() int { return 0 }

// releaseEdge and acquireEdge order nothing where no race detector watches.
func releaseEdge(*byte) {}
func acquireEdge(*byte) {}

// move copies choices within one list, or to another.
func move(to, from []Choice) { copy(to, from) }
