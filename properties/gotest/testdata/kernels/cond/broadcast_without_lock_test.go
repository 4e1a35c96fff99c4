package cond

import (
	"sync"
	"sync/atomic"
	"testing"
)

// service sleeps until it is stopped.
type service struct {
	mu      sync.Mutex
	wake    *sync.Cond
	stopped atomic.Bool
}

func (s *service) sleep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.stopped.Load() {
		s.wake.Wait()
	}
}

func (s *service) stopBuggy() {
	s.stopped.Store(true)
	s.wake.Broadcast()
}

func (s *service) stopFixed() {
	s.mu.Lock()
	s.stopped.Store(true)
	s.mu.Unlock()
	s.wake.Broadcast()
}

// sleepAndStop stops a service that goes to sleep.
func sleepAndStop(t *testing.T, stop func(*service)) {
	s := &service{}
	s.wake = sync.NewCond(&s.mu)
	var running sync.WaitGroup
	running.Add(1)
	go func() {
		defer running.Done()
		s.sleep()
	}()
	stop(s)
	running.Wait()
	if !s.stopped.Load() {
		t.Error("the service is not stopped")
	}
}

// The flag is set without the lock, so flag and broadcast fit between the
// sleeper's last look and its Wait.
//
// want: deadlock at (*service).sleep
func TestBroadcastWithoutLockBuggy(t *testing.T) {
	sleepAndStop(t, (*service).stopBuggy)
}

func TestBroadcastWithoutLockFixed(t *testing.T) {
	sleepAndStop(t, (*service).stopFixed)
}
