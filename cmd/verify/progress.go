package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/results"
)

// How often progress is shown: on a terminal, and elsewhere.
const (
	liveInterval  = 200 * time.Millisecond
	plainInterval = 10 * time.Second
)

// meter shows on w how far a run has come: on a terminal as a block of lines that is
// drawn anew, elsewhere as a line now and then.
type meter struct {
	w      io.Writer
	live   bool
	colour bool
	now    func() time.Time
	size   func() (columns, rows int) // of the terminal
	began  time.Time
	end    time.Time // of the run; zero if it has all the time there is
	total  int       // properties
	first  int       // case of each
	count  int       // cases of each; 0 is unbounded

	mu        sync.Mutex
	finished  int
	failed    int // of them
	cases     int // of finished properties
	schedules int
	running   []runningProperty // in the order of starting
	drawn     []int             // how many columns the lines on the terminal have
}

// runningProperty is a property that is being run, and since when.
type runningProperty struct {
	properties.Progress
	began time.Time
}

func newMeter(w io.Writer, colour bool) *meter {
	return &meter{
		w: w, live: isLive(w, os.Getenv), colour: colour, now: time.Now, began: time.Now(),
		size: func() (int, int) { return size(w) },
	}
}

// start shows progress until the function it returns is called.
func (m *meter) start() (stop func()) {
	quit := every(m.live, m.show)
	return func() {
		quit()
		m.mu.Lock()
		defer m.mu.Unlock()
		m.clear()
	}
}

// every calls show at the intervals of a live or a plain display, until the function it
// returns is called, which waits for a call under way.
func every(live bool, show func()) (stop func()) {
	interval := plainInterval
	if live {
		interval = liveInterval
	}
	ticker, quit, done := time.NewTicker(interval), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-ticker.C:
				show()
			case <-quit:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(quit)
		<-done
	}
}

// progress notes a sign of life.
func (m *meter) progress(p properties.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.running, func(r runningProperty) bool { return r.Property == p.Property })
	if i < 0 {
		i = len(m.running)
		m.running = append(m.running, runningProperty{began: m.now()})
	}
	m.running[i].Progress = p
}

// finish notes the end of a property.
func (m *meter) finish(p *results.Property) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.finished++
	if p.Status() == reports.Fail {
		m.failed++
	}
	m.cases += p.Result.Cases
	m.schedules += p.Result.Schedules
	m.running = slices.DeleteFunc(m.running, func(r runningProperty) bool { return r.Property == p.Info.ID })
}

// undisturbed calls print without the block, which may be on the same terminal.
func (m *meter) undisturbed(print func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	print()
	if m.live && m.finished < m.total {
		m.draw()
	}
}

func (m *meter) show() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.live {
		p := m.state()
		fmt.Fprintln(m.w, p.Line())
		return
	}
	m.clear()
	m.draw()
}

// clear removes the block. The cursor is at the end of its last line.
func (m *meter) clear() {
	if len(m.drawn) == 0 {
		return
	}
	// If the terminal was made narrower meanwhile, lines have been broken.
	columns, _ := m.size()
	rows := 0
	for _, n := range m.drawn {
		rows += max((n+columns-1)/columns, 1)
	}
	up := ""
	if rows > 1 {
		up = fmt.Sprintf("\x1b[%dA", rows-1)
	}
	fmt.Fprintf(m.w, "\r%s\x1b[J", up)
	m.drawn = nil
}

// draw writes the block, one column narrower than the terminal: many of them break a
// line as soon as it is full.
func (m *meter) draw() {
	columns, rows := m.size()
	p := m.state()
	lines := p.Block(columns-1, max(rows-1, 1), m.colour)
	for _, line := range lines {
		m.drawn = append(m.drawn, results.Columns(line))
	}
	fmt.Fprint(m.w, strings.Join(lines, "\n"))
}

// state is how far the run has come.
func (m *meter) state() results.Progress {
	now := m.now()
	p := results.Progress{
		Properties: m.total, Finished: m.finished, Failed: m.failed,
		Cases: m.cases, Schedules: m.schedules, Elapsed: now.Sub(m.began),
	}
	for _, r := range m.running {
		p.Cases += max(r.Case-m.first, 0)
		p.Schedules += r.Schedules
		if r.Phase == properties.PhaseShrinking {
			p.Failed++
		}
		p.Running = append(p.Running, results.Running{Progress: r.Progress, First: m.first, Count: m.count, Elapsed: now.Sub(r.began)})
	}
	p.Left = m.left(now, p.Fraction(m.count))
	return p
}

// An estimate from less than this says nothing.
const (
	leastFraction = 0.02
	leastTime     = time.Second
)

// left estimates how long the run will take yet, of which a fraction is done; 0 if
// that cannot be said.
func (m *meter) left(now time.Time, fraction float64) time.Duration {
	var left time.Duration
	if elapsed := now.Sub(m.began); fraction >= leastFraction && elapsed >= leastTime {
		left = time.Duration(float64(elapsed) * (1 - fraction) / fraction)
	}
	if limit := m.end.Sub(now); !m.end.IsZero() && (left == 0 || limit < left) {
		left = max(limit, 0)
	}
	return left
}
