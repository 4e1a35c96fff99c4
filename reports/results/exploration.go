package results

import (
	"fmt"
	"io"
	"time"

	"synchrony/properties"
	"synchrony/reports"
)

// Exploration is an exploration of the schedules of one case or more: what was asked
// for, and what it showed.
type Exploration struct {
	Subject     string // "transfers.ae: 3 transactions, 2 workers"
	Property    properties.Info
	Cases       int // there are
	Preemptions int // bound; negative is none
	Limit       int // schedules of each case; 0 is none
	Result      properties.Exploration
	Interrupted bool
	State       string // the file to go on from; empty if there is none
	Elapsed     time.Duration
}

// Status is the verdict: Pass only if every schedule of every case was covered, up to
// the bound on preemptions.
func (e *Exploration) Status() reports.Status {
	r := &e.Result
	switch {
	case r.Failure != nil:
		return reports.Fail
	case r.Complete < e.Cases || r.Unknown > 0:
		return reports.Inconclusive
	}
	return reports.Pass
}

// ExplorationText writes an exploration for a person, in colour if asked to.
func ExplorationText(w io.Writer, e *Exploration, colour bool) error {
	t := NewText(w, colour)
	r := &e.Result
	t.Printf("%s\n", e.Subject)
	switch status := e.Status(); {
	case status == reports.Fail:
		t.Printf("%s after %s\n", t.paint.Mark(reports.Fail), e.covered(r.Schedules))
		t.failure(r.Failure)
	case r.Complete == e.Cases:
		t.Printf("%s%s: %s\n", t.paint.Bold("complete"), e.bound(), e.covered(r.Schedules))
	default:
		t.Printf("%s: %s\n", t.paint.Bold("not complete"), e.reached())
	}
	switch {
	case r.Unknown > 0:
		t.Printf("%s: of %s, a checker could not decide: %s\n", t.paint.Word(reports.Inconclusive), reports.Plural(r.Unknown, "schedule"), r.UnknownBy)
	case r.Failure == nil:
		t.Printf("every one passed %s: %s\n", e.Property.ID, e.Property.Statement)
	}
	if e.State != "" && e.Status() == reports.Inconclusive {
		t.Printf("the same command goes on from %s\n", e.State)
	}
	return t.Err()
}

// bound is what "complete" is qualified by.
func (e *Exploration) bound() string {
	if e.Preemptions < 0 {
		return ""
	}
	return " up to " + reports.Plural(e.Preemptions, "preemption")
}

// covered is "1,234 schedules, 311 traces, in 0.35 s", of so many batches if there are more than one.
func (e *Exploration) covered(schedules int) string {
	text := fmt.Sprintf("%s, %s, in %s", reports.Plural(schedules, "schedule"), reports.Plural(e.Result.Traces, "trace"), reports.Seconds(e.Elapsed))
	if e.Cases > 1 {
		text = fmt.Sprintf("%s, ", reports.PluralOf(e.Result.Cases, "batch", "batches")) + text
	}
	return text
}

// reached says how far an exploration got that did not end.
func (e *Exploration) reached() string {
	r := &e.Result
	schedules := r.Schedules
	if s := r.Suspended; s != nil {
		schedules += s.Schedules
	}
	text := fmt.Sprintf("%s in %s", reports.Plural(schedules, "schedule"), reports.Seconds(e.Elapsed))
	switch {
	case e.Cases > 1 && r.Cases == e.Cases:
		text += fmt.Sprintf("; %s had more than %s", reports.PluralOf(e.Cases-r.Complete, "batch", "batches"), reports.Plural(e.Limit, "schedule"))
	case e.Cases > 1:
		text += fmt.Sprintf("; %s of %s explored", reports.Thousands(r.Cases), reports.PluralOf(e.Cases, "batch", "batches"))
	case r.Suspended != nil:
		text += fmt.Sprintf(", about %s of all", share(r.Suspended.Done))
	}
	return text
}

// share is an estimated fraction for a person.
func share(f float64) string {
	if f < 0.001 {
		return fmt.Sprintf("%.1g", f)
	}
	return fmt.Sprintf("%.1f %%", 100*f)
}

// exploration is the JSON form of an Exploration.
type exploration struct {
	Version     int                    `json:"version"` // of this schema: SchemaVersion
	Subject     string                 `json:"subject"`
	Property    string                 `json:"property"`
	Status      reports.Status         `json:"status"`
	Cases       int                    `json:"cases"`                 // there are
	Preemptions *int                   `json:"preemptions,omitempty"` // bound; without it there is none
	Limit       int                    `json:"limit,omitempty"`       // schedules of each case
	Interrupted bool                   `json:"interrupted"`
	Result      properties.Exploration `json:"result"`
	Seconds     float64                `json:"seconds"`
}

// ExplorationJSON writes an exploration as one JSON document.
func ExplorationJSON(w io.Writer, e *Exploration) error {
	d := exploration{
		Version: SchemaVersion, Subject: e.Subject, Property: e.Property.ID, Status: e.Status(), Cases: e.Cases,
		Limit: e.Limit, Interrupted: e.Interrupted, Result: e.Result, Seconds: e.Elapsed.Seconds(),
	}
	if e.Preemptions >= 0 {
		d.Preemptions = &e.Preemptions
	}
	return WriteJSON(w, d)
}
