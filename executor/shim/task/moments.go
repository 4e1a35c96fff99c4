//go:build go1.26

package task

import (
	"sync"
	"time"
)

// moments are when something outside of the run gives up waiting, in real time: connections, files and what else the run has given deadlines.
// Its lock orders tasks that set deadlines for the race detector, as the locks of connections do.
type moments struct {
	mu     sync.Mutex
	list   []moment
	passed bool
}

// moment is when the thing at an address gives up; kind tells several of its deadlines apart.
type moment struct {
	of   uintptr
	kind string
	at   time.Time
}

// Expires notes when the thing at an address will give up, in place of what was noted before; zero is never. Any goroutine may call it.
func (c *Current) Expires(of uintptr, kind string, at time.Time) {
	m := &c.moments
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.list {
		if k := &m.list[i]; k.of == of && k.kind == kind {
			m.passed = m.passed || k.over(time.Now())
			k.at = at
			return
		}
	}
	m.list = append(m.list, moment{of, kind, at})
}

func (m *moment) over(now time.Time) bool { return !m.at.IsZero() && !m.at.After(now) }

// expired reports whether anything has given up, or may have.
func (m *moments) expired() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for i := range m.list {
		m.passed = m.passed || m.list[i].over(now)
	}
	return m.passed
}

// lastExpired is what expired was of the last run.
var lastExpired bool

// Expired reports whether, in the last run, the real time came at which something outside of it was to give up waiting. What the run came to
// may be due to that: while a task waits natively, no other gets a turn.
func Expired() bool {
	turn.Lock()
	defer turn.Unlock()
	return lastExpired
}
