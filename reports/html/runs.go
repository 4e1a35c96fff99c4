package html

import (
	"fmt"
	"io"
	"time"

	"synchrony/reports"
)

// Runs is what a page about a history of runs is about.
type Runs struct {
	Tool   string // the program that writes it, and its version
	List   []RunEntry
	Trends []Trend // how properties did in these runs
}

// RunEntry is a run in a list.
type RunEntry struct {
	ID         int64
	Page       string // where its own page is, relative to this one; empty if it has none
	Began      time.Time
	Status     reports.Status
	Properties int
	Cases      int
	Schedules  int
	Seconds    float64
	Seed       uint64
	Command    string // that repeats it
}

// runsView is what the template of the page of a history sets.
type runsView struct {
	assets
	Title string
	Tool  string
	Rows  []runRow
	Heads []earlierRun // the runs from the first to the last, as the heads of columns
	Table []runsRow
}

// runRow is a run in the list.
type runRow struct {
	RunEntry
	Began, Cases, Schedules, Time string
}

// runsRow is a property in the table: what it showed in each run, nothing in those that did not test it.
type runsRow struct {
	ID    string
	Since string
	Runs  []earlierRun
}

// WriteRuns writes a page about a history of runs: a list of them, the latest first, and what each property showed from run to run.
func WriteRuns(w io.Writer, r *Runs) error {
	a, err := readAssets()
	if err != nil {
		return err
	}
	v := &runsView{assets: a, Tool: r.Tool, Title: "verify: " + reports.Plural(len(r.List), "run")}
	for _, e := range r.List {
		v.Rows = append(v.Rows, runRow{e, minute(e.Began), reports.Thousands(e.Cases), reports.Thousands(e.Schedules), seconds(e.Seconds)})
	}
	for i := len(r.List) - 1; i >= 0; i-- {
		e := &r.List[i]
		v.Heads = append(v.Heads, earlierRun{e.Status, fmt.Sprint(e.ID), e.Page})
	}
	for i := range r.Trends {
		v.Table = append(v.Table, toRunsRow(&r.Trends[i], r.List))
	}
	return execute(w, "runs.html.tmpl", v)
}

// toRunsRow lays a property's runs under those of the list, whose latest is the first.
func toRunsRow(t *Trend, list []RunEntry) runsRow {
	row := runsRow{ID: t.Property}
	if len(t.Runs) > 0 {
		row.Since = t.since()
	}
	by := map[int64]earlierRun{}
	for _, r := range t.Runs {
		by[r.ID] = earlierRun{r.Status, r.title(), r.Page}
	}
	for i := len(list) - 1; i >= 0; i-- {
		row.Runs = append(row.Runs, by[list[i].ID])
	}
	return row
}
