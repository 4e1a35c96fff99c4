package selects

import (
	"sync/atomic"
	"testing"
)

type worker struct {
	jobs     chan func()
	stop     chan struct{}
	finished chan struct{}
}

func (w *worker) loopBuggy() {
	defer close(w.finished)
	for {
		select {
		case <-w.stop:
			return
		case job := <-w.jobs:
			job()
		}
	}
}

func (w *worker) loopFixed() {
	defer close(w.finished)
	for {
		select {
		case <-w.stop:
			return
		case job := <-w.jobs:
			select {
			case <-w.stop:
				return
			default:
				job()
			}
		}
	}
}

// submitAfterStop submits a job to a worker that has been told to stop.
func submitAfterStop(t *testing.T, loop func(*worker)) {
	w := &worker{jobs: make(chan func(), 1), stop: make(chan struct{}), finished: make(chan struct{})}
	go loop(w)
	first := make(chan struct{})
	w.jobs <- func() { close(first) }
	<-first

	close(w.stop)
	var late atomic.Bool
	w.jobs <- func() { late.Store(true) }
	<-w.finished
	if late.Load() {
		t.Error("a job submitted after the stop has run")
	}
}

// A select takes any of its ready branches, so a worker that comes back from a
// job after the stop may take the next job first.
//
// want: failed at submitAfterStop
func TestStopPriorityBuggy(t *testing.T) {
	submitAfterStop(t, (*worker).loopBuggy)
}

func TestStopPriorityFixed(t *testing.T) {
	submitAfterStop(t, (*worker).loopFixed)
}
