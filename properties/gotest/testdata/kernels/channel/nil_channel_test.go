package channel

import (
	"sync"
	"testing"
)

// server closes done when it has stopped.
type server struct {
	mu   sync.Mutex
	done chan struct{}
}

func (s *server) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = make(chan struct{})
	}
}

func (s *server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.done)
}

func (s *server) wait() {
	s.mu.Lock()
	done := s.done
	s.mu.Unlock()
	<-done
}

// serve starts and stops a server while a client waits for its end.
func serve(s *server) {
	var client sync.WaitGroup
	client.Add(1)
	go func() {
		defer client.Done()
		s.wait()
	}()
	s.start()
	s.stop()
	client.Wait()
}

// A client that waits before the server is started reads a nil channel, which
// nobody can close.
//
// want: deadlock at (*server).wait
func TestNilChannelBuggy(t *testing.T) {
	serve(&server{})
}

func TestNilChannelFixed(t *testing.T) {
	serve(&server{done: make(chan struct{})})
}
