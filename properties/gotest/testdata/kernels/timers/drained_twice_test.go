package timers

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// service is ready once it is started, if it is configured by then.
type service struct {
	configured atomic.Bool
	ready      chan struct{}
}

func (s *service) start() {
	if s.configured.Load() {
		close(s.ready)
	}
}

func (s *service) awaitBuggy(grace time.Duration) bool {
	timer := time.NewTimer(grace)
	ready := false
	select {
	case <-s.ready:
		ready = true
	case <-timer.C:
	}
	if !timer.Stop() {
		<-timer.C
	}
	return ready
}

func (s *service) awaitFixed(grace time.Duration) bool {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-s.ready:
		return true
	case <-timer.C:
		return false
	}
}

// startWhileConfigured waits for a service that may be started too early.
func startWhileConfigured(t *testing.T, await func(*service, time.Duration) bool) {
	s := &service{ready: make(chan struct{})}
	var starter sync.WaitGroup
	starter.Add(1)
	go func() {
		defer starter.Done()
		s.start()
	}()
	s.configured.Store(true)
	if !await(s, 10*time.Millisecond) {
		t.Log("the service was started before it was configured")
	}
	starter.Wait()
}

// A timer whose value has been received is drained a second time: Stop reports
// that it has expired, and no other value comes.
//
// want: deadlock at (*service).awaitBuggy
func TestDrainedTwiceBuggy(t *testing.T) {
	startWhileConfigured(t, (*service).awaitBuggy)
}

func TestDrainedTwiceFixed(t *testing.T) {
	startWhileConfigured(t, (*service).awaitFixed)
}
