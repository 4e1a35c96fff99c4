package workerpool

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

var errBusy = errors.New("the link is busy")

// link sends one message at a time and refuses the others.
type link struct {
	mu   sync.Mutex
	sent atomic.Int32
}

func (l *link) send() error {
	if !l.mu.TryLock() {
		return errBusy
	}
	defer l.mu.Unlock()
	l.sent.Add(1)
	return nil
}

// sendAll lets n workers send and gathers their errors through errs.
func sendAll(l *link, n int, errs chan error) (failures int) {
	var workers sync.WaitGroup
	for range n {
		workers.Add(1)
		go func() {
			defer workers.Done()
			if err := l.send(); err != nil {
				errs <- err
			}
		}()
	}
	workers.Wait()
	close(errs)
	for range errs {
		failures++
	}
	return failures
}

// sendThree accounts for three messages.
func sendThree(t *testing.T, errs chan error) {
	var l link
	failures := sendAll(&l, 3, errs)
	if sent := int(l.sent.Load()); sent+failures != 3 {
		t.Errorf("%d messages are sent and %d have failed, of 3", sent, failures)
	}
}

// The errors are read when all workers have ended, but the channel has room for
// one, so a second worker that fails never ends.
//
// want: deadlock at sendAll
func TestResultsFullBuggy(t *testing.T) {
	sendThree(t, make(chan error, 1))
}

func TestResultsFullFixed(t *testing.T) {
	sendThree(t, make(chan error, 3))
}
