package mutation

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"synchrony/properties/mutants/auto"
	"synchrony/reports"
	"synchrony/reports/results"
)

// AutoMutants is a run of automatic mutants: what was drawn, and what became of each.
type AutoMutants struct {
	Tool        string // the program and its version
	Command     string // that repeats the run
	Seed        uint64
	Packages    []string // whose mutants they are
	Candidates  int      // of which they were drawn
	Results     []auto.Result
	Interrupted bool
	Elapsed     time.Duration
}

// Status is the verdict on the whole: Fail if a mutant survived that is not known to be
// equivalent; else Inconclusive if any was not tested; else Pass.
func (m *AutoMutants) Status() reports.Status {
	total, _ := auto.Scores(m.Results)
	switch {
	case total.Survived > 0:
		return reports.Fail
	case m.Interrupted || total.Killed+total.Equivalent < total.Drawn || total.Drawn == 0:
		return reports.Inconclusive
	}
	return reports.Pass
}

// AutoTable writes automatic mutants as they come to be known: a header, each mutant, a
// summary.
type AutoTable struct {
	reports.Printer
	paint reports.Palette
	run   *AutoMutants
}

// NewAutoTable returns a table that writes to w.
func NewAutoTable(w io.Writer, run *AutoMutants, colour bool) *AutoTable {
	return &AutoTable{reports.NewPrinter(w), reports.Palette(colour), run}
}

// Header says how many mutants were drawn of how many.
func (t *AutoTable) Header(n int) {
	t.Printf("%s of %s of %s, seed %d\n\n", reports.Thousands(n), reports.Plural(t.run.Candidates, "candidate"), strings.Join(t.run.Packages, ", "), t.run.Seed)
}

// Result writes a line for a mutant, and its change if it survived.
func (t *AutoTable) Result(r *auto.Result) {
	mark, detail := t.paint.With(reports.Green, "kill"), fmt.Sprintf("%-4s %s", r.By, r.How)
	switch r.Verdict {
	case auto.Survived:
		mark, detail = t.paint.Mark(reports.Fail), "survived"
	case auto.Listed:
		mark, detail = "same", "equivalent"
	case auto.NotTested:
		mark, detail = t.paint.Mark(reports.Inconclusive), "not tested"
		if r.How != "" {
			detail += ": " + r.How
		}
	}
	t.Printf("%s  %-58s %6.1f s  %s\n", mark, r.Name, r.Seconds, detail)
	if r.Verdict == auto.Survived {
		t.change(r)
	}
}

// change writes what a mutant is.
func (t *AutoTable) change(r *auto.Result) {
	t.Printf("      %s\n", r.Key)
	for line := range strings.Lines(r.Diff) {
		t.Printf("      %s", line)
	}
}

// Summary writes the score, who killed how many, the survivors, and why others are equivalent.
func (t *AutoTable) Summary() {
	total, byOperator := auto.Scores(t.run.Results)
	t.Printf("\n%s\n", t.paint.Bold(fmt.Sprintf("%-18s %5s %10s %6s %8s %8s", "operator", "drawn", "equivalent", "killed", "survived", "score")))
	for _, s := range append(byOperator, total) {
		name := s.Operator
		if name == "" {
			name = "all"
		}
		t.Printf("%-18s %5d %10d %6d %8d %6.1f %%\n", name, s.Drawn, s.Equivalent, s.Killed, s.Survived, 100*s.Value())
	}
	var by []string
	for _, k := range auto.Killers(t.run.Results) {
		by = append(by, fmt.Sprintf("%s %d", k.Property, k.Mutants))
	}
	if len(by) > 0 {
		t.Printf("\nkilled by: %s\n", strings.Join(by, ", "))
	}
	if total.Equivalent > 0 {
		t.Printf("\nequivalent, as %s explains:\n", auto.EquivalentFile)
		for i := range t.run.Results {
			if r := &t.run.Results[i]; r.Verdict == auto.Listed {
				t.Printf("      %s\n            %s\n", r.Name, r.Reason)
			}
		}
	}
	status := t.run.Status()
	t.Printf("\n%s: %d of %s that are not known to be equivalent were killed, %.1f %%; %.0f s\n", t.paint.Word(status),
		total.Killed, reports.Plural(total.Killed+total.Survived, "mutant"), 100*total.Value(), t.run.Elapsed.Seconds())
	if total.Survived > 0 {
		t.Printf("a survivor shows a gap in the properties, or belongs on the list, with a reason\n")
	}
	t.Printf("repeat with: %s\n", t.run.Command)
}

// autoDocument is the JSON form of a run of automatic mutants. It depends on the seed, the
// sample and the code alone, but for the fields named seconds.
type autoDocument struct {
	Version     int            `json:"version"` // of this schema
	Tool        string         `json:"tool"`    // the program and its version
	Command     string         `json:"command"` // that repeats the run
	Seed        uint64         `json:"seed"`
	Packages    []string       `json:"packages"`   // whose mutants they are
	Candidates  int            `json:"candidates"` // of which they were drawn
	Status      reports.Status `json:"status"`     // pass, fail or inconclusive
	Interrupted bool           `json:"interrupted"`
	Score       float64        `json:"score"` // killed of those tested, from 0 to 1
	Total       auto.Score     `json:"total"`
	Operators   []auto.Score   `json:"operators"`
	Killers     []auto.Killer  `json:"killers"`
	Mutants     []auto.Result  `json:"mutants"`
	Seconds     float64        `json:"seconds"`
}

// AutoMutantsJSON writes a run of automatic mutants as JSON.
func AutoMutantsJSON(w io.Writer, m *AutoMutants) error {
	d := autoDocument{
		Version: results.SchemaVersion, Tool: m.Tool, Command: m.Command, Seed: m.Seed, Packages: m.Packages, Candidates: m.Candidates,
		Status: m.Status(), Interrupted: m.Interrupted, Killers: auto.Killers(m.Results), Mutants: m.Results, Seconds: m.Elapsed.Seconds(),
	}
	d.Total, d.Operators = auto.Scores(m.Results)
	d.Score = d.Total.Value()
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(d)
}
