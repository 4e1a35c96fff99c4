package results

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"synchrony/properties"
	"synchrony/reports"
)

// eventsVersion is the version of the events' form; see [SchemaVersion] for when it
// rises.
const eventsVersion = 1

// progressInterval is how often a property's progress is an event, beside each
// change of its phase.
const progressInterval = time.Second

// The events. The field "event" tells them apart, and "time" is when one was
// written.
type (
	eventHead struct {
		Event string    `json:"event"`
		Time  time.Time `json:"time"`
	}
	startedEvent struct {
		eventHead
		Version    int      `json:"version"` // eventsVersion
		Tool       string   `json:"tool"`
		Command    string   `json:"command"`
		Seed       uint64   `json:"seed"`
		Iterations int      `json:"iterations"` // 0 is as many as fit into the time
		Shard      *Shard   `json:"shard,omitempty"`
		Properties []string `json:"properties"`
	}
	progressEvent struct {
		eventHead
		properties.Progress
	}
	failureEvent struct {
		eventHead
		Property string `json:"property"`
		properties.Failure
	}
	propertyEvent struct {
		eventHead
		property
	}
	finishedEvent struct {
		eventHead
		Status      reports.Status `json:"status"`
		Interrupted bool           `json:"interrupted"`
		Cases       int            `json:"cases"`
		Schedules   int            `json:"schedules"`
		Seconds     float64        `json:"seconds"`
	}
)

// Events writes what happens in a run as lines of JSON, while it happens: started,
// then for each property progress and, at its end, a failure for each violation
// and property; finished at last. Properties that run at once mix.
//
// The methods may be called from several goroutines. A nil Events writes nothing.
type Events struct {
	now func() time.Time

	mu   sync.Mutex
	e    *json.Encoder
	err  error
	last map[string]lastProgress // of each property that runs
}

type lastProgress struct {
	phase string
	time  time.Time
}

// NewEvents returns Events that write to w, which sees each line as one Write.
func NewEvents(w io.Writer) *Events { return newEvents(w, time.Now) }

func newEvents(w io.Writer, now func() time.Time) *Events {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &Events{now: now, e: e, last: map[string]lastProgress{}}
}

// Err is the first error of writing; nothing is written after it.
func (e *Events) Err() error {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// put writes an event; e.mu is held.
func (e *Events) put(event any) {
	if e.err == nil {
		e.err = e.e.Encode(event)
	}
}

func (e *Events) head(event string) eventHead { return eventHead{event, e.now().UTC()} }

// Started says what is about to run: all of run but its results.
func (e *Events) Started(run *Run) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	ids := []string{}
	for i := range run.Properties {
		ids = append(ids, run.Properties[i].Info.ID)
	}
	s := startedEvent{
		eventHead: e.head("started"), Version: eventsVersion, Tool: run.Tool, Command: run.Command,
		Seed: run.Seed, Iterations: run.Iterations, Properties: ids,
	}
	if !run.Shard.Whole() {
		s.Shard = &run.Shard
	}
	e.put(s)
}

// Progress says how far a property is: when its phase changes, and now and then.
func (e *Events) Progress(p properties.Progress) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.head("progress")
	last, seen := e.last[p.Property]
	if seen && last.phase == p.Phase && h.Time.Sub(last.time) < progressInterval {
		return
	}
	e.last[p.Property] = lastProgress{p.Phase, h.Time}
	e.put(progressEvent{h, p})
}

// Property says what a property showed in the end.
func (e *Events) Property(p *Property) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.last, p.Info.ID)
	for _, f := range p.Result.Failures {
		e.put(failureEvent{e.head("failure"), p.Info.ID, f})
	}
	out := toProperty(p)
	out.Result.Failures = nil // they have just been told
	e.put(propertyEvent{e.head("property"), out})
}

// Finished says how the run ended.
func (e *Events) Finished(run *Run) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.put(finishedEvent{e.head("finished"), run.Status(), run.Interrupted, run.Cases(), run.Schedules(), run.Elapsed.Seconds()})
}
