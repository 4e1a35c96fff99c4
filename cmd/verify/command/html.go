package command

import (
	"bytes"
	"context"
	"io"

	"synchrony/properties"
	"synchrony/properties/gotest"
	"synchrony/reports/html"
	"synchrony/reports/mutation"
	"synchrony/reports/results"
)

// htmlPage makes a page about a run: it replays each failure, to show what happened.
func (a *app) htmlPage(ctx context.Context, run *results.Run) *html.Page {
	page := &html.Page{Run: run}
	for i := range run.Properties {
		p := &run.Properties[i]
		for _, f := range p.Result.Failures {
			page.Failures = append(page.Failures, html.Gather(ctx, a.registry.Lookup, p.Info, f))
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

// pageOf is the page about a run, which is made once, for a file and for who looks on.
func (a *app) pageOf(ctx context.Context, run *results.Run, o *outputs) ([]byte, error) {
	if o.page == nil {
		var b bytes.Buffer
		if err := a.renderHTML(ctx, &b, run, o.trends); err != nil {
			return nil, err
		}
		o.page = b.Bytes()
	}
	return o.page, nil
}

// writeReplayHTML writes a page about counterexamples to a file. Those that cannot be read are left out; that has
// been said.
func (a *app) writeReplayHTML(ctx context.Context, path string, replayed []results.Replayed) error {
	page := &html.Page{Tool: "verify " + version()}
	for _, r := range replayed {
		file := r.File
		c, err := properties.LoadCounterexample(file)
		if err != nil {
			continue
		}
		info := properties.Info{ID: c.Property, System: c.System}
		if check, known := a.registry.Lookup(c.Property); known {
			info = check.Info()
		}
		found := properties.Failure{Checker: c.Checker, Rule: c.Rule, Reason: c.Reason, Evidence: c.Evidence, Cause: c.Because, File: file}
		f := html.Gather(ctx, a.registry.Lookup, info, found)
		f.Again, f.Test = r.Reproduced > 0, gotest.IsOf(c)
		page.Failures = append(page.Failures, f)
	}
	return a.writeOutput(path, func(w io.Writer) error { return html.Write(w, page) })
}

// mutantsHTML writes the page about mutants.
func mutantsHTML(w io.Writer, m *mutation.Mutants) error {
	return html.Write(w, &html.Page{Mutants: m})
}
