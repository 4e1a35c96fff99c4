package once

import (
	"sync"
	"sync/atomic"
	"testing"
)

// settings are read from a source when they are first asked for.
type settings struct {
	source   sync.Map
	read     func(*settings)
	once     sync.Once
	level    string
	warnings atomic.Int32
}

func (s *settings) logLevel() string {
	s.once.Do(func() { s.read(s) })
	return s.level
}

func (s *settings) warn() {
	if s.logLevel() != "silent" {
		s.warnings.Add(1)
	}
}

func (s *settings) readBuggy() {
	level, ok := s.source.Load("log.level")
	if !ok {
		s.warn()
		level = "info"
	}
	s.level = level.(string)
}

func (s *settings) readFixed() {
	level, ok := s.source.Load("log.level")
	if !ok {
		s.warnings.Add(1) // warn needs the level that is being read
		level = "info"
	}
	s.level = level.(string)
}

// readWhileConfigured asks for a setting while it is being set.
func readWhileConfigured(t *testing.T, read func(*settings)) {
	s := &settings{read: read}
	var logger sync.WaitGroup
	logger.Add(1)
	go func() {
		defer logger.Done()
		if level := s.logLevel(); level != "info" && level != "debug" {
			t.Errorf("level = %q", level)
		}
	}()
	s.source.Store("log.level", "debug")
	logger.Wait()
}

// A missing setting makes the initialisation warn, and the warning asks for the
// setting: Once.Do waits for itself.
//
// want: deadlock at (*settings).logLevel
func TestRecursiveBuggy(t *testing.T) {
	readWhileConfigured(t, (*settings).readBuggy)
}

func TestRecursiveFixed(t *testing.T) {
	readWhileConfigured(t, (*settings).readFixed)
}
