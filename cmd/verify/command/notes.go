package command

import (
	"fmt"
	"io"
	"sync"

	"synchrony/reports"
)

// notes are lines that are said on w while a campaign shows its progress there. Nil notes are none.
type notes struct {
	w io.Writer
	// also is a line that is shown with the progress; nil is none.
	also func() string

	mu      sync.Mutex
	display *display // of the progress; nil before it is shown
}

// use makes notes that do not disturb the display.
func (n *notes) use(d *display) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.display = d
}

// say says a line.
func (n *notes) say(line string) {
	n.mu.Lock()
	d := n.display
	n.mu.Unlock()
	print := func() { fmt.Fprintf(n.w, "verify: %s\n", reports.Legible(line)) }
	if d == nil {
		print()
		return
	}
	d.undisturbed(print)
}

// beside adds the notes' own line to those of the progress.
func (n *notes) beside(lines func(columns, rows int) []string) func(columns, rows int) []string {
	if n == nil || n.also == nil {
		return lines
	}
	return func(columns, rows int) []string {
		all := lines(columns, max(rows-1, 1))
		switch {
		case len(all) == 0:
		case columns == 0:
			all[0] += "; " + n.also()
		case rows > 1:
			line := []rune(n.also())
			all = append(all, string(line[:min(len(line), columns)]))
		}
		return all
	}
}
