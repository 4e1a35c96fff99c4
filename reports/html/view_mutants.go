package html

import (
	"fmt"

	"synchrony/properties/mutants"
	"synchrony/reports"
	"synchrony/reports/mutation"
)

// mutantTable is the kill table.
type mutantTable struct {
	Summary string
	Medians []string
	Rows    []mutantRow
}

// mutantRow is what became of a mutant.
type mutantRow struct {
	Name, Breaks, Seen string
	Path, Diff         string // what was changed
	Status             reports.Status
	Result             string // in a few words
	Why                string // it is not as expected
	Kill               *killView
}

// killView is the violation that gave a mutant away.
type killView struct {
	Property, Rule   string
	Cases            string // until it was found, itself included
	Seconds          string
	Size, Deviations int
	Replayed         string // "10/10"; empty if it was not
}

func toMutantTable(m *mutation.Mutants) *mutantTable {
	if m == nil {
		return nil
	}
	t := &mutantTable{Summary: mutantHeadline(m)}
	for _, x := range m.Medians() {
		t.Medians = append(t.Medians, fmt.Sprintf("median of %s: %s", reports.Plural(x.Mutants, "counterexample"), x))
	}
	for i := range m.Records {
		t.Rows = append(t.Rows, toMutantRow(&m.Records[i]))
	}
	return t
}

func toMutantRow(r *mutants.Record) mutantRow {
	row := mutantRow{
		Name: r.Mutant.Name, Breaks: r.Mutant.Breaks, Seen: r.Mutant.Seen, Path: r.Mutant.Path, Diff: r.Mutant.Diff,
		Status: reports.Fail, Result: string(r.Result), Why: r.Why,
	}
	switch r.Result {
	case mutants.AsExpected:
		row.Status = reports.Pass
	case mutants.NotTried, mutants.KnownAlive:
		row.Status = reports.Inconclusive
	case mutants.DoesNotRun:
		row.Status = reports.Broken
	}
	if o := &r.Outcome; o.Status == mutants.Killed {
		f := &o.Failure
		row.Kill = &killView{
			Property: o.Property, Rule: f.Checker + ", " + f.Rule, Cases: reports.Thousands(f.Case + 1), Seconds: seconds(f.Found),
			Size: f.Size, Deviations: f.Deviations,
		}
		if r.Replayed > 0 {
			row.Kill.Replayed = fmt.Sprintf("%d/10", r.Replayed)
		}
	}
	return row
}

// mutantHeadline sums up the table in a sentence.
func mutantHeadline(m *mutation.Mutants) string {
	killed, all := m.Count(mutants.AsExpected), len(m.Records)
	text := fmt.Sprintf("%s of %s killed, each by the property that has to find it", reports.Thousands(killed), reports.Plural(all, "mutant"))
	if n := m.Count(mutants.KnownAlive); n > 0 {
		text += fmt.Sprintf("; %s %s", reports.Thousands(n), mutants.KnownAlive)
	}
	if m.Interrupted {
		text += "; interrupted"
	}
	return text
}
