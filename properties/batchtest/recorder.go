package batchtest

import (
	"fmt"
	"strings"
	"sync"

	"synchrony/executor/sched"
	"synchrony/models/block"
	"synchrony/models/schedule"
)

// event is what a transaction did, or saw.
type event struct {
	tx, run int // the execution: of the transaction, its so manyth
	what    action
	key     Key
	value   Value
	there   bool
	err     string // of an end
}

type action uint8

const (
	began action = iota
	got
	put
	deleted
	scanned
	ended
	panicked
)

// mostEvents is how many events of a run are recorded.
const mostEvents = 10_000

// recorder records what transactions do, in the order in which it happens, and disturbs who does it.
type recorder struct {
	rt *sched.Runtime // of real goroutines, with pauses at random; nil for none

	mu     sync.Mutex
	events []event
	over   bool // the run has ended: nothing more counts
}

// disturb may let other goroutines go first.
func (r *recorder) disturb() { r.rt.Yield(schedule.OpNone, schedule.Object{}) }

func (r *recorder) add(e event) {
	if !recording {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.over && len(r.events) < mostEvents {
		r.events = append(r.events, e)
	}
}

// close ends the recording and returns what there is.
func (r *recorder) close() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	return r.events
}

// watch is v, watched.
func (r *recorder) watch(tx, run int, v block.View) block.View {
	r.disturb()
	r.add(event{tx: tx, run: run, what: began})
	return block.View{
		Get: func(k Key) (Value, bool) {
			r.disturb()
			n, ok := v.Get(k)
			r.add(event{tx, run, got, k, n, ok, ""})
			return n, ok
		},
		Set: func(k Key, n Value) {
			r.disturb()
			r.add(event{tx, run, put, k, n, true, ""})
			v.Set(k, n)
		},
		Del: func(k Key) {
			r.disturb()
			r.add(event{tx, run, deleted, k, 0, false, ""})
			v.Del(k)
		},
		Scan: func(from, to Key, yield func(Key, Value) bool) {
			r.disturb()
			v.Scan(from, to, func(k Key, n Value) bool {
				r.add(event{tx, run, scanned, k, n, true, ""})
				return yield(k, n)
			})
		},
	}
}

// end notes the end of an execution.
func (r *recorder) end(tx, run int, err error, over bool) {
	e := event{tx: tx, run: run, what: ended}
	if !over {
		e.what = panicked
	}
	if err != nil {
		e.err = err.Error()
	}
	r.add(e)
	r.disturb()
}

// tell tells events, a line for as much as one execution did in a row.
func tell(b *Block, events []event) []string {
	var lines []string
	var line strings.Builder
	for i, e := range events {
		if i == 0 || e.tx != events[i-1].tx || e.run != events[i-1].run {
			if line.Len() > 0 {
				lines = append(lines, line.String())
			}
			line.Reset()
			line.WriteString(b.Name(e.tx))
			if e.run > 1 {
				fmt.Fprintf(&line, ", executed again (%d)", e.run)
			}
			line.WriteString(":")
		} else {
			line.WriteString(",")
		}
		line.WriteString(" " + e.String())
	}
	if line.Len() > 0 {
		lines = append(lines, line.String())
	}
	if len(events) == mostEvents {
		lines = append(lines, "… and so on")
	}
	return lines
}

func (e *event) String() string {
	switch e.what {
	case began:
		return "begins"
	case got:
		if !e.there {
			return fmt.Sprintf("finds no %s", e.key)
		}
		return fmt.Sprintf("reads %s=%d", e.key, e.value)
	case put:
		return fmt.Sprintf("writes %s=%d", e.key, e.value)
	case deleted:
		return fmt.Sprintf("deletes %s", e.key)
	case scanned:
		return fmt.Sprintf("passes %s=%d", e.key, e.value)
	case panicked:
		return "panics"
	}
	if e.err != "" {
		return "fails: " + e.err
	}
	return "ends"
}
