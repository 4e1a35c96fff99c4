//go:build race

package sched

import (
	"runtime"
	"unsafe"
)

// raceBuild says that the race detector watches. The root loop then takes the
// decisions, so that no strategy runs on the stacks of several tasks.
const raceBuild = true

// coroutine runs a function in turns with its resumer. The detector must not
// take the turns for an order between tasks, or it would find no race at
// all. iter.Pull cannot hide them from it (its own variables would be reported), so
// this is a goroutine whose hand-overs the detector is told to ignore. Its
// fields are written unseen, too, since a later run may use them again.
type coroutine struct{ in, out chan struct{} }

// start makes the coroutine ready to run body.
//
//go:norace
func (co *coroutine) start(body func()) {
	co.in, co.out = make(chan struct{}), make(chan struct{})
	go func() {
		defer co.end()
		co.await()
		body()
	}()
}

// resume runs the coroutine until it leaves or ends.
func (co *coroutine) resume() {
	runtime.RaceDisable()
	co.in <- struct{}{}
	<-co.out
	runtime.RaceEnable()
}

// leave returns from resume; called by the coroutine.
func (co *coroutine) leave() {
	runtime.RaceDisable()
	co.out <- struct{}{}
	<-co.in
	runtime.RaceEnable()
}

func (co *coroutine) await() {
	runtime.RaceDisable()
	<-co.in
	runtime.RaceEnable()
}

func (co *coroutine) end() {
	runtime.RaceDisable()
	co.out <- struct{}{}
	runtime.RaceEnable()
}

// raceErrors is how many races the detector has reported.
func raceErrors() int { return runtime.RaceErrors() }

// releaseEdge orders the caller before every acquireEdge of it.
func releaseEdge(edge *byte) { runtime.RaceReleaseMerge(unsafe.Pointer(edge)) }

// acquireEdge orders the caller after every releaseEdge of it.
func acquireEdge(edge *byte) { runtime.RaceAcquire(unsafe.Pointer(edge)) }

// move copies choices within one list, or to another. The built-in function would tell the detector.
//
//go:norace
func move(to, from []Choice) {
	if len(from) == 0 {
		return
	}
	if &to[0] == &from[0] || uintptr(unsafe.Pointer(&to[0])) < uintptr(unsafe.Pointer(&from[0])) {
		for i := range from {
			to[i] = from[i]
		}
		return
	}
	for i := len(from) - 1; i >= 0; i-- {
		to[i] = from[i]
	}
}
