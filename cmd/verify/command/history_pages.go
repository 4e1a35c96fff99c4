package command

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/history"
	"synchrony/reports/html"
)

// writeHistory writes a page for each of the runs, the latest of which is the first, and one that lists them, into a folder.
func (a *app) writeHistory(ctx context.Context, s *history.Store, runs []history.Entry, folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	listed := map[int64]bool{} // those that have a page
	for i := range runs {
		if _, err := s.Run(ctx, runs[i].ID); err != nil { // damaged, or of another version
			fmt.Fprintf(a.stderr, "verify: %s\n", reports.Legible(err.Error()))
			continue
		}
		listed[runs[i].ID] = true
	}
	index := &html.Runs{Tool: "verify " + version()}
	var tested []string // by any of the runs, in their order
	for i := range runs {
		e := &runs[i]
		entry := html.RunEntry{
			ID: e.ID, Began: e.Began, Status: e.Status, Properties: e.Properties, Cases: e.Cases,
			Schedules: e.Schedules, Seconds: e.Seconds, Seed: e.Seed, Command: e.Command,
		}
		if listed[e.ID] {
			ids, err := a.writeRunPage(ctx, s, e.ID, folder, listed)
			if err != nil {
				return err
			}
			entry.Page = runPage(e.ID)
			tested = append(tested, ids...)
		}
		index.List = append(index.List, entry)
	}
	tested = unique(tested)
	if len(runs) > 0 {
		trends, err := trendsOf(ctx, s, tested, runs[0].ID, max(len(runs), trendRuns))
		if err != nil {
			return err
		}
		index.Trends = linked(trends, listed)
	}
	var b bytes.Buffer
	if err := html.WriteRuns(&b, index); err != nil {
		return err
	}
	path := filepath.Join(folder, "index.html")
	if err := properties.WriteFile(path, b.Bytes()); err != nil {
		return err
	}
	if len(runs) > 0 && len(listed) == 0 {
		return fmt.Errorf("%s lists %s, and none of them can be shown", path, text.Plural(len(runs), "run"))
	}
	fmt.Fprintf(a.stdout, "%s lists %s, with a page for each of %d\n", path, text.Plural(len(runs), "run"), len(listed))
	return nil
}

// writeRunPage writes the page of a run, and returns the IDs of its properties.
func (a *app) writeRunPage(ctx context.Context, s *history.Store, id int64, folder string, listed map[int64]bool) ([]string, error) {
	run, err := s.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	ids := testedBy(run)
	trends, err := trendsOf(ctx, s, ids, id, trendRuns)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := a.renderHTML(ctx, &b, run, linked(trends, listed)); err != nil {
		return nil, err
	}
	return ids, properties.WriteFile(filepath.Join(folder, runPage(id)), b.Bytes())
}

// unique are words in order, each once.
func unique(words []string) (list []string) {
	seen := map[string]bool{}
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			list = append(list, w)
		}
	}
	return list
}

// runPage is the name of the page of a run.
func runPage(id int64) string { return fmt.Sprintf("run-%d.html", id) }

// linked are trends whose runs lead to their pages, if they have one.
func linked(trends []html.Trend, listed map[int64]bool) []html.Trend {
	for _, t := range trends {
		for i := range t.Runs {
			if r := &t.Runs[i]; listed[r.ID] {
				r.Page = runPage(r.ID)
			}
		}
	}
	return trends
}
