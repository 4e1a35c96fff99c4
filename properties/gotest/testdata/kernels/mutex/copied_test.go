package mutex

import (
	"sync"
	"testing"
)

// stats counts requests by path.
type stats struct {
	mu   sync.Mutex
	hits map[string]int
}

func (s stats) hitBuggy(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits[path]++
}

func (s *stats) hitFixed(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits[path]++
}

// hitTwice lets two requests count themselves.
func hitTwice(t *testing.T, s *stats, hit func(path string)) {
	var requests sync.WaitGroup
	for range 2 {
		requests.Add(1)
		go func() {
			defer requests.Done()
			hit("/")
		}()
	}
	requests.Wait()
	if s.hits["/"] != 2 {
		t.Errorf("%d hits, want 2", s.hits["/"])
	}
}

// Each call locks a copy of the mutex, because the receiver is a value, and
// both write to the one map. (go vet's copylocks complains, rightly.)
//
// want: race at stats.hitBuggy
func TestCopiedBuggy(t *testing.T) {
	s := &stats{hits: make(map[string]int)}
	hitTwice(t, s, func(path string) { s.hitBuggy(path) })
}

func TestCopiedFixed(t *testing.T) {
	s := &stats{hits: make(map[string]int)}
	hitTwice(t, s, s.hitFixed)
}
