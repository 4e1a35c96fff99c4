package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"synchrony/properties"
)

// trail shows on w how far an exploration has come: on a terminal as one line that
// changes, elsewhere as a line now and then.
type trail struct {
	w     io.Writer
	live  bool
	began time.Time
	cases int

	mu        sync.Mutex
	parts     int                         // that a case is divided into; at least 1
	skipped   float64                     // cases that were explored before
	explored  float64                     // cases in units that have ended
	schedules int                         // of these
	running   map[int]properties.Progress // by unit
}

func newTrail(w io.Writer, cases int) *trail {
	return &trail{w: w, live: isLive(w, os.Getenv), began: time.Now(), cases: cases, parts: 1, running: map[int]properties.Progress{}}
}

// units notes what there is to explore, and what is already.
func (t *trail) units(units []unit, results map[int]properties.Exploration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.running)
	t.explored, t.schedules, t.parts = 0, 0, max(units[0].parts, 1)
	for _, r := range results {
		t.skipped += explored(&r)
	}
}

// explored is how many cases an exploration covered, with its share of an unfinished one.
func explored(r *properties.Exploration) float64 {
	cases := float64(r.Cases)
	if r.Suspended != nil {
		cases += r.Suspended.Done
	}
	return cases
}

// start shows progress until the function it returns is called.
func (t *trail) start() (stop func()) {
	quit := every(t.live, t.show)
	return func() {
		quit()
		if t.live {
			fmt.Fprint(t.w, "\r\x1b[K")
		}
	}
}

// progress notes a sign of life of a unit.
func (t *trail) progress(u int, p properties.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running[u] = p
}

// finish notes the end of a unit.
func (t *trail) finish(u int, r *properties.Exploration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.running, u)
	t.explored += explored(r)
	t.schedules += r.Schedules
	if r.Suspended != nil {
		t.schedules += r.Suspended.Schedules
	}
}

func (t *trail) show() {
	line := t.line()
	if !t.live {
		fmt.Fprintln(t.w, line)
		return
	}
	if columns, _ := size(t.w); len([]rune(line)) >= columns {
		line = string([]rune(line)[:columns-1])
	}
	fmt.Fprintf(t.w, "\r%s\x1b[K", line)
}

// line is "412 of 1191 cases, 123456 schedules (45678/s), about 35.0 % in 12s, 22s to go". The
// schedules are those run since the beginning of this exploration.
func (t *trail) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	cases, schedules := t.explored, t.schedules
	for _, p := range t.running {
		cases += float64(p.Case) + p.Done
		schedules += p.Schedules
	}
	elapsed := time.Since(t.began)
	line := fmt.Sprintf("%d schedules (%.0f/s)", schedules, float64(schedules)/max(elapsed.Seconds(), 0.001))
	if t.cases > 1 {
		line = fmt.Sprintf("%d of %d cases, %s", int(t.skipped+cases), t.cases, line)
	}
	all := float64(t.cases * t.parts)
	line += fmt.Sprintf(", about %.1f %% in %v", 100*(t.skipped+cases)/all, elapsed.Round(time.Second))
	if todo := all - t.skipped; cases > todo/1000 {
		left := time.Duration(float64(elapsed) * (todo - cases) / cases)
		line += fmt.Sprintf(", %v to go", left.Round(time.Second))
	}
	return line
}
