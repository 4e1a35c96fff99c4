package synchrony

import (
	"cmp"
	"slices"
	"sync/atomic"

	"synchrony/executor/sched"
	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// eventLog is one worker's events. The worker appends, anybody may seal: an event
// counts exactly if it was published before the seal. That is decided by one
// compare-and-swap, so a worker that outlives its batch cannot add to the batch's
// trace, wherever it was when the batch ended.
//
// Invariant: events below the published length are never written again, and the
// pages that hold them were linked before.
type eventLog struct {
	length atomic.Int64 // published events, and sealBit
	staged int          // events written; the worker's own
	last   *page        // where the worker writes
	first  *page
	worker int32
}

const (
	sealBit  = 1 << 62
	pageSize = 64
)

type page struct {
	events [pageSize]trace.Event
	next   *page
}

func newEventLog(worker int32) *eventLog {
	p := new(page)
	return &eventLog{worker: worker, first: p, last: p}
}

// stage appends an event that does not count until it is published.
func (l *eventLog) stage(e trace.Event) {
	at := l.staged % pageSize
	if at == 0 && l.staged > 0 {
		l.last.next = new(page)
		l.last = l.last.next
	}
	e.Worker = l.worker
	l.last.events[at] = e
	l.staged++
}

// publish makes the staged events count. It is false if the log is sealed.
func (l *eventLog) publish(rt *sched.Runtime) bool {
	rt.Yield(schedule.OpRMW, logObject(l.worker))
	have := l.length.Load()
	return have&sealBit == 0 && l.length.CompareAndSwap(have, int64(l.staged))
}

// seal ends the log, and returns how many events count.
func (l *eventLog) seal(rt *sched.Runtime) int {
	rt.Yield(schedule.OpRMW, logObject(l.worker))
	return int(l.length.Or(sealBit) &^ sealBit)
}

// events appends the published events from number from on. Of a sealed log there is
// nothing to see beyond the seal.
func (l *eventLog) events(out []trace.Event, from int) []trace.Event {
	n := int(l.length.Load() &^ sealBit)
	p := l.first
	for at := 0; at < n; at += pageSize {
		if at > 0 {
			p = p.next
		}
		for i := max(at, from); i < min(n, at+pageSize); i++ {
			out = append(out, p.events[i-at])
		}
	}
	return out
}

// phase takes the timestamp of the events that follow, until the next phase: reading
// the clock would cost more than all else about an event.
func (w *worker) phase() {
	if w.r.opts.Trace { // what is recorded for a certificate alone needs no times
		w.at = w.r.rt.Stamp() - w.r.began
	}
}

// event stages an event of the current transaction. In a controlled run, where
// reading the clock costs nothing, each has a time of its own.
func (w *worker) event(kind trace.EventKind, a batch.AccountID, old, new int64, version int32) {
	if w.r.rt.Controlled() {
		w.phase()
	}
	w.log.stage(trace.Event{
		Time: w.at, Kind: kind, Tx: w.current,
		Account: a, Old: old, New: new, Version: version,
	})
}

// sealLogs ends all logs and merges them, by time. The clock may be too coarse to
// tell a commit from the start of a successor on another worker, so events of one
// time are ordered by level: a successor's is higher.
func (r *run) sealLogs() []trace.Event {
	var logs [][]trace.Event
	for _, w := range r.started() {
		if w.log != nil {
			w.sealed = w.log.seal(r.rt)
			logs = append(logs, w.log.events(make([]trace.Event, 0, w.sealed), 0))
		}
	}
	events := merge(logs)
	level := r.sc.graph.level
	for i := 0; i < len(events); {
		k, several := i+1, false
		for k < len(events) && events[k].Time == events[i].Time {
			several = several || events[k].Tx != events[i].Tx
			k++
		}
		if several {
			slices.SortStableFunc(events[i:k], func(x, y trace.Event) int { return cmp.Compare(level[x.Tx], level[y.Tx]) })
		}
		i = k
	}
	return events
}

// merge merges lists that are ordered by time.
func merge(lists [][]trace.Event) []trace.Event {
	switch len(lists) {
	case 0:
		return nil
	case 1:
		return lists[0]
	}
	x, y := merge(lists[:len(lists)/2]), merge(lists[len(lists)/2:])
	out := make([]trace.Event, 0, len(x)+len(y))
	for len(x) > 0 && len(y) > 0 {
		if x[0].Time <= y[0].Time {
			out, x = append(out, x[0]), x[1:]
		} else {
			out, y = append(out, y[0]), y[1:]
		}
	}
	return append(append(out, x...), y...)
}

// rollBack appends a Rollback for every transaction that has started, the last to
// start first: all of a batch is undone. The worker given is the one that ran it.
func (r *run) rollBack(events []trace.Event) []trace.Event {
	for i := len(events) - 1; i >= 0; i-- {
		if e := events[i]; e.Kind == trace.Start {
			events = append(events, trace.Event{Time: r.rt.Stamp() - r.began, Kind: trace.Rollback, Worker: e.Worker, Tx: e.Tx})
		}
	}
	return events
}

// lateEvents are those recorded after the logs were sealed: none, unless sealing
// does not work. All workers must have ended.
func (r *run) lateEvents() []trace.Event {
	var late []trace.Event
	if !r.closed {
		return nil
	}
	for _, w := range r.started() {
		if w.log != nil {
			late = w.log.events(late, w.sealed)
		}
	}
	return late
}
