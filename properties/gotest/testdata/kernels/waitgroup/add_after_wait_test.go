package waitgroup

import (
	"sync"
	"sync/atomic"
	"testing"
)

// dispatcher runs each job in a goroutine until it is shut down.
type dispatcher struct {
	mu     sync.Mutex
	closed bool
	jobs   sync.WaitGroup
}

func (d *dispatcher) submitBuggy(job func()) {
	d.mu.Lock()
	closed := d.closed
	d.mu.Unlock()
	if closed {
		return
	}
	d.jobs.Add(1)
	go func() {
		defer d.jobs.Done()
		job()
	}()
}

func (d *dispatcher) submitFixed(job func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.jobs.Add(1)
	go func() {
		defer d.jobs.Done()
		job()
	}()
}

func (d *dispatcher) shutdown() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.jobs.Wait()
}

// shutDownWhileSubmitting submits one job while the dispatcher is shut down.
func shutDownWhileSubmitting(t *testing.T, submit func(*dispatcher, func())) {
	var d dispatcher
	var down, late atomic.Bool
	var client sync.WaitGroup
	client.Add(1)
	go func() {
		defer client.Done()
		submit(&d, func() { late.Store(down.Load()) })
	}()
	d.shutdown()
	down.Store(true)
	client.Wait()
	d.jobs.Wait()
	if late.Load() {
		t.Error("a job has run after the shutdown")
	}
}

// The job is counted after the check, so shutdown's Wait may return between
// the two and the job runs when everything has ended.
//
// want: failed at shutDownWhileSubmitting
// want: race at (*dispatcher).submitBuggy
// want: race at (*dispatcher).shutdown
func TestAddAfterWaitBuggy(t *testing.T) {
	shutDownWhileSubmitting(t, (*dispatcher).submitBuggy)
}

func TestAddAfterWaitFixed(t *testing.T) {
	shutDownWhileSubmitting(t, (*dispatcher).submitFixed)
}
