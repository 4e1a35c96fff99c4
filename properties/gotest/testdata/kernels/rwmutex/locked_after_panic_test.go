package rwmutex

import (
	"fmt"
	"sync"
	"testing"
)

type session struct{ hits int }

type sessions struct {
	mu   sync.RWMutex
	byID map[string]*session
}

func (s *sessions) drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
}

func (s *sessions) hitBuggy(id string) {
	s.mu.Lock()
	s.byID[id].hits++ // panics when the session has gone
	s.mu.Unlock()
}

func (s *sessions) hitFixed(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[id].hits++
}

func (s *sessions) count() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.byID)
}

// serve turns a panic of the handler into an error, as servers do.
func serve(handler func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("handler: %v", r)
		}
	}()
	handler()
	return nil
}

// hitWhileDropped serves a request whose session may go.
func hitWhileDropped(t *testing.T, hit func(*sessions, string)) {
	s := &sessions{byID: map[string]*session{"a": {}, "b": {}}}
	var janitor sync.WaitGroup
	janitor.Add(1)
	go func() {
		defer janitor.Done()
		s.drop("a")
	}()
	if err := serve(func() { hit(s, "a") }); err != nil {
		t.Log(err)
	}
	if n := s.count(); n < 1 || n > 2 {
		t.Errorf("%d sessions", n)
	}
	janitor.Wait()
}

// The panic of a request whose session has gone is recovered, but the lock
// stays locked.
//
// want: deadlock at (*sessions).count
func TestLockedAfterPanicBuggy(t *testing.T) {
	hitWhileDropped(t, (*sessions).hitBuggy)
}

func TestLockedAfterPanicFixed(t *testing.T) {
	hitWhileDropped(t, (*sessions).hitFixed)
}
