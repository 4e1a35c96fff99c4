package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
	"synchrony/reports/html"
	"synchrony/reports/mutation"
	"synchrony/reports/results"
)

// htmlReplay bounds what replaying one counterexample for a page may take.
const htmlReplay = 20 * time.Second

// htmlPage makes a page about a run: it replays each failure, to show what happened.
func (a *app) htmlPage(ctx context.Context, run *results.Run) *html.Page {
	page := &html.Page{Run: run}
	for i := range run.Properties {
		p := &run.Properties[i]
		for _, f := range p.Result.Failures {
			page.Failures = append(page.Failures, a.htmlFailure(ctx, p.Info, f))
		}
	}
	return page
}

// renderHTML writes the page about a run, whose properties did from run to run as trends
// tells.
func (a *app) renderHTML(ctx context.Context, w io.Writer, run *results.Run, trends []html.Trend) error {
	page := a.htmlPage(ctx, run)
	page.Trends = trends
	return html.Write(w, page)
}

// htmlFailure gathers what a page shows of a failure. What cannot be had is no error: the
// page says so.
func (a *app) htmlFailure(ctx context.Context, info properties.Info, found properties.Failure) html.Failure {
	f := html.Failure{Info: info, Found: found, Text: found.Text}
	if f.Text == "" && found.File != "" {
		text, err := properties.ReadFile(found.File)
		if err != nil {
			f.Note = fmt.Sprintf("What happened is not shown, for the counterexample could not be read: %v.", err)
			return f
		}
		f.Text = string(text)
	}
	c, err := properties.ParseCounterexample(found.File, []byte(f.Text))
	if err != nil {
		f.Note = fmt.Sprintf("What happened is not shown, for the counterexample could not be read: %v.", err)
		return f
	}
	f.Replay, f.Note = a.replayHere(ctx, c)
	return f
}

// replayHere replays a counterexample in this process, whose memory alone has all that a run
// showed; or says why not. Only what is known to end is run here: a recorded schedule takes the same
// way again, but what crashed, hung, or failed on plain goroutines may take the process down.
func (a *app) replayHere(ctx context.Context, c *properties.Counterexample) (*properties.Replay, string) {
	check, known := a.registry.Lookup(c.Property)
	switch {
	case !known:
		return nil, fmt.Sprintf("What happened is not shown, for there is no property %q here.", c.Property)
	case c.Checker == isolate.Checker:
		return nil, "The process died of this, so it was not run again for this page. The evidence is what it said last."
	case c.Schedule == nil:
		return nil, "No schedule is recorded for this, so there is no order of steps to show."
	}
	// An interrupted run is to be reported, too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), htmlReplay)
	defer cancel()
	r, err := check.Replay(ctx, c)
	if err != nil {
		return nil, fmt.Sprintf("What happened is not shown, for it could not be replayed: %v.", err)
	}
	return &r, ""
}

// writeReplayHTML writes a page about counterexamples to a file. Those that cannot be read are left out; that has
// been said.
func (a *app) writeReplayHTML(ctx context.Context, path string, counterexamples []string) error {
	page := &html.Page{Tool: "verify " + version()}
	for _, file := range counterexamples {
		c, err := properties.LoadCounterexample(file)
		if err != nil {
			continue
		}
		info := properties.Info{ID: c.Property, System: c.System}
		if check, known := a.registry.Lookup(c.Property); known {
			info = check.Info()
		}
		found := properties.Failure{Checker: c.Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence, File: file}
		page.Failures = append(page.Failures, a.htmlFailure(ctx, info, found))
	}
	return a.writeOutput(path, func(w io.Writer) error { return html.Write(w, page) })
}

// mutantsHTML writes the page about mutants.
func mutantsHTML(w io.Writer, m *mutation.Mutants) error {
	return html.Write(w, &html.Page{Mutants: m})
}
