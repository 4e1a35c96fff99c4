package sched

import (
	"fmt"
	"strings"

	"synchrony/models/schedule"
)

// StuckKind says how a run failed to end.
type StuckKind uint8

// How a run fails to end.
const (
	Deadlock StuckKind = iota + 1 // no task can run and no timer is armed
	Livelock                      // the step limit was passed, though scheduled round-robin at the end
	Leak                          // the main function returned, and tasks are blocked for ever
	Panic                         // a task panicked
	Stale                         // replay: the recorded schedule does not fit this program
	Ticking                       // the main function waits, and tickers alone have kept others going: see ticking.go. They may yet wake it
)

func (k StuckKind) String() string {
	switch k {
	case Deadlock:
		return "deadlock"
	case Livelock:
		return "livelock"
	case Leak:
		return "leak"
	case Panic:
		return "panic"
	case Stale:
		return "stale schedule"
	case Ticking:
		return "ticking"
	default:
		return fmt.Sprintf("StuckKind(%d)", k)
	}
}

// Stuck says why a run did not end well, and names tasks and objects.
type Stuck struct {
	Kind   StuckKind
	Tasks  []string // each with what it waits for: "worker 1 waits to lock mutex 0"
	Panic  string   // the panic value
	Stack  string   // of the panic
	Detail string   // Stale: what differs
	// Endless, of a Livelock in a hosted run, says that no end was to be seen either: in the last 7/16 of the steps, in which all tasks took
	// turns, and as long as it was watched after them, nobody changed anything that others look at, looked at the clock, drew a number or had a choice; no
	// timer was armed; and whoever could run did what had been done before. Of fewer than a thousand steps nobody says so. A task that counts how often it
	// has looked may end it yet.
	Endless bool
	Early   bool // Leak: there was no end to be seen, but time would have gone on, and who waits for it might yet end
}

// Error says it in a line.
func (s *Stuck) Error() string {
	switch s.Kind {
	case Panic:
		return fmt.Sprintf("panic in %s: %s", strings.Join(s.Tasks, "; "), s.Panic)
	case Stale:
		return fmt.Sprintf("stale schedule: %s; record it again", s.Detail)
	default:
		return fmt.Sprintf("%v: %s", s.Kind, strings.Join(s.Tasks, "; "))
	}
}

// open reports whether the run was ended though it could have gone on: what else it would have done is not known.
func (s *Stuck) open() bool { return s.Kind == Ticking || s.Early }

// waiting tells of every live task what it waits for.
//
//go:norace
func (c *controlled) waiting() []string {
	var list []string
	for _, t := range c.left() {
		op, object := t.op, t.object
		if t.wait == untilSignalled {
			op, object = schedule.OpWait, t.cond
		}
		name := ""
		if object.Class != schedule.ClassNone {
			name = object.Name()
		}
		if !t.over && t.wait != untilSignalled && t.enabled() {
			list = append(list, fmt.Sprintf("%s goes on (%s)", t.title(), strings.TrimRight(op.String()+" "+name, " ")))
			continue
		}
		list = append(list, t.title()+" waits "+op.Waits(name))
	}
	return list
}
