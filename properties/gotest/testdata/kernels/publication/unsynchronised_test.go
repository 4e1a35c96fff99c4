package publication

import (
	"sync"
	"sync/atomic"
	"testing"
)

type config struct{ greeting string }

// server answers by a configuration that can be replaced while it runs.
type server interface {
	reload(*config)
	greet() string
}

type buggyServer struct{ current *config }

func (s *buggyServer) reload(c *config) { s.current = c }
func (s *buggyServer) greet() string    { return s.current.greeting }

type fixedServer struct{ current atomic.Pointer[config] }

func (s *fixedServer) reload(c *config) { s.current.Store(c) }
func (s *fixedServer) greet() string    { return s.current.Load().greeting }

// greetWhileReloaded asks for a greeting while the configuration is replaced.
func greetWhileReloaded(t *testing.T, s server) {
	s.reload(&config{greeting: "hello"})
	var admin sync.WaitGroup
	admin.Add(1)
	go func() {
		defer admin.Done()
		s.reload(&config{greeting: "welcome"})
	}()
	if g := s.greet(); g != "hello" && g != "welcome" {
		t.Errorf("greeting = %q", g)
	}
	admin.Wait()
}

// The new configuration is published by a plain write, which nothing orders
// before the handler's read.
//
// want: race at (*buggyServer).greet
func TestUnsynchronisedBuggy(t *testing.T) {
	greetWhileReloaded(t, &buggyServer{})
}

func TestUnsynchronisedFixed(t *testing.T) {
	greetWhileReloaded(t, &fixedServer{})
}
