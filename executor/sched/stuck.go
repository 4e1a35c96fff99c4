package sched

import (
	"fmt"
	"strings"

	"synchrony/models/trace"
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
	default:
		return fmt.Sprintf("StuckKind(%d)", k)
	}
}

// Stuck says why a run did not end well, and names tasks and objects.
type Stuck struct {
	Kind   StuckKind
	Tasks  []string // each with what it waits for: "worker 1: lock mutex/0"
	Panic  string   // the panic value
	Stack  string   // of the panic
	Detail string   // Stale: what differs
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

// waiting tells of every live task what it waits for.
//
//go:norace
func (c *controlled) waiting() []string {
	var list []string
	for _, t := range c.live {
		op, object := t.op, t.object
		if t.wait == untilSignalled {
			op, object = trace.OpWait, t.cond
		}
		words := []string{objectText(object)}
		for _, o := range t.more {
			words = append(words, objectText(o))
		}
		list = append(list, fmt.Sprintf("%s: %v %s", t.title(), op, strings.Join(words, ", ")))
	}
	return list
}

// objectText is the object's text form, or what it stands for where there is none.
func objectText(o trace.Object) string {
	if o.Class == trace.ClassChan && o.Index < 0 {
		return "(no channel)"
	}
	return o.String()
}
