package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"synchrony/properties/campaign"
	"synchrony/reports/results"
)

// How often progress is shown: on a terminal, and elsewhere.
const (
	liveInterval  = 200 * time.Millisecond
	plainInterval = 10 * time.Second
)

// display shows on w how far work has come: on a terminal as a block of lines that is
// drawn anew, elsewhere as a line now and then.
type display struct {
	w    io.Writer
	live bool
	size func() (columns, rows int) // of the terminal
	// lines are what to show, which fit the given size; with no columns, they are one line of any
	// length. There are none when there is nothing to show.
	lines func(columns, rows int) []string

	mu    sync.Mutex
	shown bool  // until it is stopped
	drawn []int // how many columns the lines on the terminal have
}

func newDisplay(w io.Writer, lines func(columns, rows int) []string) *display {
	return &display{w: w, live: isLive(w, os.Getenv), size: func() (int, int) { return size(w) }, lines: lines}
}

// runLines shows a run, until all are finished.
func runLines(c *campaign.Campaign, subject results.Subject, colour bool) func(columns, rows int) []string {
	return func(columns, rows int) []string {
		p := results.Progress{Progress: c.Meter.Progress(), Subject: subject}
		switch {
		case columns == 0:
			return []string{p.Line()}
		case p.Finished == p.Parts:
			return nil
		}
		return p.Block(columns, rows, colour)
	}
}

// explorationLines shows an exploration.
func explorationLines(x *campaign.Exploration) func(columns, rows int) []string {
	return func(columns, _ int) []string {
		return []string{results.ExplorationLine(x.Meter.Progress(), x.Subject.Cases, columns)}
	}
}

// start shows progress until the function it returns is called, which waits for what is being
// shown and removes it.
func (d *display) start() (stop func()) {
	interval := plainInterval
	if d.live {
		interval = liveInterval
	}
	d.mu.Lock()
	d.shown = true
	d.mu.Unlock()
	ticker, quit, done := time.NewTicker(interval), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-ticker.C:
				d.show()
			case <-quit:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(quit)
		<-done
		d.mu.Lock()
		defer d.mu.Unlock()
		d.clear()
		d.shown = false
	}
}

// undisturbed calls print without the block, which may be on the same terminal.
func (d *display) undisturbed(print func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clear()
	print()
	if d.live && d.shown {
		d.draw()
	}
}

func (d *display) show() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.live {
		for _, line := range d.lines(0, 1) {
			fmt.Fprintln(d.w, line)
		}
		return
	}
	d.clear()
	d.draw()
}

// clear removes the block. The cursor is at the end of its last line.
func (d *display) clear() {
	if len(d.drawn) == 0 {
		return
	}
	// If the terminal was made narrower meanwhile, lines have been broken.
	columns, _ := d.size()
	rows := 0
	for _, n := range d.drawn {
		rows += max((n+columns-1)/columns, 1)
	}
	up := ""
	if rows > 1 {
		up = fmt.Sprintf("\x1b[%dA", rows-1)
	}
	fmt.Fprintf(d.w, "\r%s\x1b[J", up)
	d.drawn = nil
}

// draw writes the block, one column narrower than the terminal: many of them break a
// line as soon as it is full.
func (d *display) draw() {
	columns, rows := d.size()
	lines := d.lines(max(columns-1, 1), max(rows-1, 1))
	for _, line := range lines {
		d.drawn = append(d.drawn, results.Columns(line))
	}
	fmt.Fprint(d.w, strings.Join(lines, "\n"))
}
