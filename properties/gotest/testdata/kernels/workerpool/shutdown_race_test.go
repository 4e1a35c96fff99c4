package workerpool

import (
	"sync"
	"sync/atomic"
	"testing"
)

// printer prints jobs in one goroutine until it is shut down.
type printer struct {
	mu       sync.RWMutex
	closed   bool
	jobs     chan int
	printed  atomic.Int32
	finished chan struct{}
}

func newPrinter() *printer {
	p := &printer{jobs: make(chan int), finished: make(chan struct{})}
	go func() {
		defer close(p.finished)
		for range p.jobs {
			p.printed.Add(1)
		}
	}()
	return p
}

func (p *printer) submitBuggy(job int) bool {
	p.mu.RLock()
	closed := p.closed
	p.mu.RUnlock()
	if closed {
		return false
	}
	p.jobs <- job
	return true
}

func (p *printer) submitFixed(job int) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return false
	}
	p.jobs <- job
	return true
}

func (p *printer) shutdown() {
	p.mu.Lock()
	p.closed = true
	close(p.jobs)
	p.mu.Unlock()
	<-p.finished
}

// shutDownWhilePrinting submits a job while the printer is shut down.
func shutDownWhilePrinting(t *testing.T, submit func(*printer, int) bool) {
	p := newPrinter()
	var accepted atomic.Int32
	var client sync.WaitGroup
	client.Add(1)
	go func() {
		defer client.Done()
		if submit(p, 1) {
			accepted.Add(1)
		}
	}()
	p.shutdown()
	client.Wait()
	if p.printed.Load() != accepted.Load() {
		t.Errorf("%d jobs are printed, %d accepted", p.printed.Load(), accepted.Load())
	}
}

// The printer may be shut down between the check and the send, which then
// panics on the closed channel.
//
// want: panic at (*printer).submitBuggy
// want: race at (*printer).submitBuggy
func TestShutdownRaceBuggy(t *testing.T) {
	shutDownWhilePrinting(t, (*printer).submitBuggy)
}

func TestShutdownRaceFixed(t *testing.T) {
	shutDownWhilePrinting(t, (*printer).submitFixed)
}
