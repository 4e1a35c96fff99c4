package results

import (
	"fmt"

	"synchrony/properties"
	"synchrony/reports"
)

// verdicts is the table of verdicts by group, if there is more than one. A test has one case, itself: of tests there is no column of cases.
func (t *Text) verdicts(run *Run) {
	if t.Detail == Brief {
		return
	}
	var names []string
	of := map[string]*Run{}
	for _, p := range run.Properties {
		g := p.Info.Group
		if of[g] == nil {
			names = append(names, g)
			of[g] = &Run{}
		}
		of[g].Properties = append(of[g].Properties, p)
	}
	if len(names) < 2 {
		return
	}
	statuses := []reports.Status{reports.Pass}
	rows := [][]string{{"group", "properties", "passed"}}
	if t.tests {
		rows[0][1] = "tests"
	}
	for _, s := range []struct {
		reports.Status
		word string
	}{{reports.Fail, "failed"}, {reports.Broken, "error"}, {reports.Inconclusive, "inconclusive"}} {
		if run.Count(s.Status) > 0 {
			statuses = append(statuses, s.Status)
			rows[0] = append(rows[0], s.word)
		}
	}
	if !t.tests {
		rows[0] = append(rows[0], "cases")
	}
	rows[0] = append(rows[0], "schedules", "time")
	for _, name := range names {
		g := of[name]
		row := []string{name, reports.Thousands(len(g.Properties))}
		for _, s := range statuses {
			row = append(row, reports.Thousands(g.Count(s)))
		}
		spent := 0.0
		for _, p := range g.Properties {
			spent += p.Result.Seconds
		}
		if !t.tests {
			row = append(row, reports.Thousands(g.Cases()))
		}
		rows = append(rows, append(row, reports.Thousands(g.Schedules()), fmt.Sprintf("%.2f s", spent)))
	}
	if !t.blank {
		t.Printf("\n")
	}
	t.Table(t.fitting(rows))
}

// fitting leaves out the last columns of a table for which there is no room.
func (t *Text) fitting(rows [][]string) [][]string {
	if t.Width == 0 {
		return rows
	}
	room, fits := t.Width, 0
	for i := range rows[0] {
		width := 0
		for _, row := range rows {
			width = max(width, len(row[i]))
		}
		if room -= 2 + width; room < 0 {
			break
		}
		fits = i + 1
	}
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = row[:max(fits, 1)]
	}
	return out
}

// labels writes a table in two columns, down the first and then the second; in one
// where there is no room for two.
func (t *Text) labels(table Table) {
	const counts = 20 // columns
	width := 0
	for _, l := range table.Labels {
		width = max(width, len(l.Name))
	}
	rows := (len(table.Labels) + 1) / 2
	if t.Width > 0 && 2+2*(width+counts)+5 > t.Width {
		rows = len(table.Labels)
		width = max(min(width, t.Width-2-counts), 1)
	}
	cell := func(c properties.Count) string {
		return fmt.Sprintf("%-*s %9s %9s", width, fit(c.Name, width), reports.Thousands(c.Cases), reports.Percent(c.Cases, table.Cases))
	}
	for i := range rows {
		t.Printf("  %s", cell(table.Labels[i]))
		if j := i + rows; j < len(table.Labels) {
			t.Printf("     %s", cell(table.Labels[j]))
		}
		t.Printf("\n")
	}
}

// sometimes writes the conditions that must have happened, with their counts.
func (t *Text) sometimes(run *Run) {
	width := 0
	for _, p := range run.Properties {
		for _, c := range p.Result.Sometimes {
			width = max(width, len(c.Name))
		}
	}
	if width == 0 {
		return
	}
	t.Printf("\nWhat had to happen at least once (cases in which it did):\n")
	for _, p := range run.Properties {
		if len(p.Result.Failures) > 0 {
			continue // it was not run to its end
		}
		for _, c := range p.Result.Sometimes {
			count := reports.Thousands(c.Cases)
			if c.Cases == 0 {
				count = fmt.Sprintf("%9s", "never")
			}
			t.Printf("  %-*s  %-*s %9s\n", t.idWidth, p.Info.ID, width, c.Name, count)
		}
	}
}
