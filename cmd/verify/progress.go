package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"synchrony/properties"
	"synchrony/reports"
)

// How often progress is shown: on a terminal, and elsewhere.
const (
	liveInterval  = 200 * time.Millisecond
	plainInterval = 10 * time.Second
)

// meter shows on w how far a run has come: on a terminal as one line that
// changes, elsewhere as a line now and then.
type meter struct {
	w          io.Writer
	live       bool
	began      time.Time
	total      int // properties
	iterations int // of each; 0 is unbounded

	mu        sync.Mutex
	finished  int
	cases     int // of finished properties
	schedules int
	running   []properties.Progress // in the order of starting
}

func newMeter(w io.Writer, total, iterations int) *meter {
	return &meter{w: w, live: isTerminal(w), began: time.Now(), total: total, iterations: iterations}
}

// start shows progress until the function it returns is called.
func (m *meter) start() (stop func()) {
	interval := plainInterval
	if m.live {
		interval = liveInterval
	}
	ticker, quit, done := time.NewTicker(interval), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-ticker.C:
				m.show()
			case <-quit:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(quit)
		<-done
		m.mu.Lock()
		defer m.mu.Unlock()
		m.clear()
	}
}

// progress notes a sign of life.
func (m *meter) progress(p properties.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.running, func(r properties.Progress) bool { return r.Property == p.Property })
	if i < 0 {
		m.running = append(m.running, p)
		return
	}
	m.running[i] = p
}

// finish notes the end of a property.
func (m *meter) finish(p *reports.Property) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.finished++
	m.cases += p.Result.Cases
	m.schedules += p.Result.Schedules
	m.running = slices.DeleteFunc(m.running, func(r properties.Progress) bool { return r.Property == p.Info.ID })
}

// undisturbed calls print without the live line, which may be on the same terminal.
func (m *meter) undisturbed(print func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	print()
}

// clear removes the live line.
func (m *meter) clear() {
	if m.live {
		fmt.Fprint(m.w, "\r\x1b[K")
	}
}

func (m *meter) show() {
	m.mu.Lock()
	defer m.mu.Unlock()
	line := m.line()
	if !m.live {
		fmt.Fprintln(m.w, line)
		return
	}
	if room := columns(m.w) - 1; len([]rune(line)) > room {
		line = string([]rune(line)[:max(room, 0)])
	}
	fmt.Fprintf(m.w, "\r%s\x1b[K", line)
}

// line says how far the run is: "3 of 25 properties; 1234 cases, 56789 schedules
// (4321/s) in 13s; S4 testing 17/200, S5 shrinking".
func (m *meter) line() string {
	cases, schedules := m.cases, m.schedules
	var now []string
	for _, p := range m.running {
		cases += max(p.Case, 0)
		schedules += p.Schedules
		now = append(now, m.phase(p))
	}
	elapsed := time.Since(m.began)
	line := fmt.Sprintf("%d of %d properties; %d cases, %d schedules (%.0f/s) in %v", m.finished, m.total,
		cases, schedules, float64(schedules)/max(elapsed.Seconds(), 0.001), elapsed.Round(time.Second))
	if len(now) > 0 {
		line += "; " + strings.Join(now, ", ")
	}
	return line
}

func (m *meter) phase(p properties.Progress) string {
	switch {
	case p.Case < 0:
		return p.Property + " " + p.Phase
	case p.Phase != "testing":
		return fmt.Sprintf("%s %s case %d", p.Property, p.Phase, p.Case)
	case m.iterations > 0:
		return fmt.Sprintf("%s %d/%d", p.Property, p.Case, m.iterations)
	}
	return fmt.Sprintf("%s %d", p.Property, p.Case)
}
