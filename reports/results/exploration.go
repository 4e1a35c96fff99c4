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
	case r.Complete < e.Cases || r.Unknown > 0 || r.Uncontrolled > 0:
		return reports.Inconclusive
	}
	return reports.Pass
}

// GoesOn reports whether a case is left that was not explored up to its bounds, for a state to go on with. One that
// was is done with, though the bound on its schedules may have left some out.
func (e *Exploration) GoesOn() bool { return e.Result.Failure == nil && e.Result.Cases < e.Cases }

// ExplorationText writes an exploration for a person, in colour if asked to.
func ExplorationText(w io.Writer, e *Exploration, colour bool) error {
	t := NewText(w, colour)
	r := &e.Result
	t.Printf("%s\n", e.Subject)
	switch status := e.Status(); {
	case status == reports.Fail:
		t.Printf("%s after %s\n", t.paint.Mark(reports.Fail), e.covered(r.Schedules))
		t.failure(r.Failure)
	case r.Uncontrolled > 0:
		t.Printf("%s: %s\n", t.paint.Bold("not complete"), e.uncontrolled())
	case r.Complete == e.Cases:
		t.Printf("%s%s: %s\n", t.paint.Bold("complete"), e.bound(), e.covered(r.Schedules))
	default:
		t.Printf("%s: %s\n", t.paint.Bold("not complete"), e.reached())
	}
	t.outcomes(&r.Outcomes)
	switch {
	case r.Unknown > 0:
		t.Printf("%s: %s could not be judged: %s\n", t.paint.Word(reports.Inconclusive), reports.Plural(r.Unknown, "schedule"), r.UnknownBy)
	case r.Failure == nil && r.Uncontrolled > 0 && r.Schedules == 0:
		t.Printf("no run violated %s: %s\n", e.Property.ID, e.Property.Statement)
	case r.Failure == nil && e.ran() > 0:
		t.Printf("every one passed %s: %s\n", e.Property.ID, e.Property.Statement)
	}
	if e.State != "" && e.GoesOn() {
		t.Printf("the same command goes on from %s\n", e.State)
	}
	return t.Err()
}

// shownOutcomes is how many outcomes are shown to a person.
const shownOutcomes = 20

// outcomes lists in how many schedules each outcome came.
func (t *Text) outcomes(o *properties.Outcomes) {
	for _, c := range o.Counts[:min(len(o.Counts), shownOutcomes)] {
		t.Printf("  %s: %s\n", reports.Legible(c.Text), reports.Plural(c.Schedules, "schedule"))
	}
	rest := o.Counts[min(len(o.Counts), shownOutcomes):]
	schedules := o.Others
	for _, c := range rest {
		schedules += c.Schedules
	}
	switch {
	case o.Others > 0:
		t.Printf("  and more than %s: %s\n", reports.Plural(len(rest), "more outcome"), reports.Plural(schedules, "schedule"))
	case len(rest) > 0:
		t.Printf("  and %s: %s\n", reports.Plural(len(rest), "more outcome"), reports.Plural(schedules, "schedule"))
	}
}

// uncontrolled says what was not under control, and what was done instead.
func (e *Exploration) uncontrolled() string {
	r := &e.Result
	what := "the case was"
	if e.Cases > 1 {
		what = fmt.Sprintf("%s of %s were", reports.Thousands(r.Uncontrolled), reports.PluralOf(e.Cases, "batch", "batches"))
	}
	return fmt.Sprintf("%s not under control: %s; run %s as it comes, in %s",
		what, r.UncontrolledBy, reports.Plural(r.Stress, "time"), reports.Seconds(e.Elapsed))
}

// ran is how many schedules were run.
func (e *Exploration) ran() int {
	if s := e.Result.Suspended; s != nil {
		return e.Result.Schedules + s.Schedules
	}
	return e.Result.Schedules
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
	text := fmt.Sprintf("%s in %s", reports.Plural(e.ran(), "schedule"), reports.Seconds(e.Elapsed))
	switch {
	case e.Cases > 1 && r.Cases == e.Cases:
		text += fmt.Sprintf("; %s had more than %s", reports.PluralOf(e.Cases-r.Complete, "batch", "batches"), reports.Plural(e.Limit, "schedule"))
	case r.Cases == e.Cases && e.Limit > 0:
		text += fmt.Sprintf("; it was not to have more than %s", reports.Plural(e.Limit, "schedule"))
	case e.Cases > 1:
		text += fmt.Sprintf("; %s of %s explored", reports.Thousands(r.Cases), reports.PluralOf(e.Cases, "batch", "batches"))
	}
	return text
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
