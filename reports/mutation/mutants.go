package mutation

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"synchrony/properties/mutants"
	"synchrony/reports"
)

// Mutants is a run of mutants: what was asked for, and what became of each.
type Mutants struct {
	Tool       string // the program and its version
	Command    string // that repeats the run
	Seed       uint64
	Iterations int // cases for each property, unless a mutant asks for more
	Records    []mutants.Record
	// Units is what the size of a counterexample counts, by property: transactions or
	// instructions.
	Units       map[string]string
	Interrupted bool
	Elapsed     time.Duration
}

// Count is how many mutants had a result.
func (m *Mutants) Count(r mutants.Result) int {
	n := 0
	for i := range m.Records {
		if m.Records[i].Result == r {
			n++
		}
	}
	return n
}

// Status is the verdict on the whole: Fail if any mutant shows a gap that is not known, or its patch
// is no good any more; else Broken if the harness failed on one; else Inconclusive if any
// was not tried; else Pass.
func (m *Mutants) Status() reports.Status {
	known := m.Count(mutants.AsExpected) + m.Count(mutants.KnownAlive)
	broken, untried := m.Count(mutants.DoesNotRun), m.Count(mutants.NotTried)
	switch {
	case known+broken+untried < len(m.Records):
		return reports.Fail
	case broken > 0:
		return reports.Broken
	case untried > 0 || m.Interrupted || len(m.Records) == 0:
		return reports.Inconclusive
	}
	return reports.Pass
}

// Median is the middle of the figures of mutants killed as expected.
type Median struct {
	Unit       string  `json:"unit"` // what the size counts
	Mutants    int     `json:"mutants"`
	Size       float64 `json:"size"`
	Deviations float64 `json:"deviations"`
}

// String is "2 transactions and 1 deviation from the default schedule".
func (m Median) String() string {
	unit, word := m.Unit, "deviations"
	if m.Size == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	if m.Deviations == 1 {
		word = "deviation"
	}
	return fmt.Sprintf("%g %s and %g %s from the default schedule", m.Size, unit, m.Deviations, word)
}

// Medians returns the medians of the mutants whose sizes have the same unit, by unit.
func (m *Mutants) Medians() []Median {
	out := []Median{}
	sizes, deviations := map[string][]int{}, map[string][]int{}
	var units []string
	for i := range m.Records {
		r := &m.Records[i]
		if r.Result != mutants.AsExpected {
			continue
		}
		u := m.unit(r)
		if !slices.Contains(units, u) {
			units = append(units, u)
		}
		sizes[u] = append(sizes[u], r.Outcome.Failure.Size)
		deviations[u] = append(deviations[u], r.Outcome.Failure.Deviations)
	}
	slices.Sort(units)
	for _, u := range units {
		out = append(out, Median{u, len(sizes[u]), median(sizes[u]), median(deviations[u])})
	}
	return out
}

// unit is what the size of a mutant's counterexample counts.
func (m *Mutants) unit(r *mutants.Record) string {
	return cmp.Or(m.Units[r.Outcome.Property], "units")
}

func median(values []int) float64 {
	slices.Sort(values)
	n := len(values)
	return float64(values[(n-1)/2]+values[n/2]) / 2
}

// KillTable writes the kill table as it comes to be known: a header, each mutant, a
// summary.
type KillTable struct {
	reports.Printer
	paint reports.Palette
	run   *Mutants
	width int // of the longest name
}

// NewKillTable returns a table that writes to w, for mutants of the names given.
func NewKillTable(w io.Writer, run *Mutants, all []*mutants.Mutant, colour bool) *KillTable {
	t := &KillTable{Printer: reports.NewPrinter(w), paint: reports.Palette(colour), run: run, width: len("mutant")}
	for _, m := range all {
		t.width = max(t.width, len(m.Name))
	}
	return t
}

// Header writes what is about to run, and the columns' names.
func (t *KillTable) Header(n int) {
	t.Printf("%s, %s for each unless its patch asks for more, seed %d\n\n", reports.Plural(n, "mutant"), reports.Plural(t.run.Iterations, "case"), t.run.Seed)
	t.Printf("%s\n", t.paint.Bold(fmt.Sprintf("      %-*s  %-4s %5s %8s %5s %11s %9s  %s", t.width, "mutant",
		"by", "cases", "seconds", "size", "deviations", "replayed", "verdict")))
}

// Record writes a line for a mutant, and another if it was not killed as expected.
func (t *KillTable) Record(r *mutants.Record) {
	mark := t.paint.With(reports.Green, "kill")
	switch r.Result {
	case mutants.AsExpected:
	case mutants.KnownAlive:
		mark = t.paint.With(reports.Yellow, "live")
	case mutants.NotTried:
		mark = t.paint.Mark(reports.Inconclusive)
	case mutants.DoesNotRun:
		mark = t.paint.Mark(reports.Broken)
	default:
		mark = t.paint.Mark(reports.Fail)
	}
	line := fmt.Sprintf("%s  %-*s  ", mark, t.width, r.Mutant.Name)
	if o := &r.Outcome; o.Status == mutants.Killed {
		f := &o.Failure
		line += fmt.Sprintf("%-4s %5s %8.2f %5d %11d %9s  %s", o.Property, reports.Thousands(f.Case+1), f.Found, f.Size, f.Deviations,
			replayed(r), f.Checker+", "+f.Rule)
	} else {
		line += r.Mutant.KilledBy
	}
	t.Printf("%s\n", line)
	if r.Result != mutants.AsExpected {
		t.Printf("      %s: %s\n", t.paint.Bold(string(r.Result)), r.Why)
		t.Printf("      it breaks: %s\n", r.Mutant.Breaks)
	}
}

// replayed is how many of the replays failed again; it may be that there were none.
func replayed(r *mutants.Record) string {
	if r.Result == mutants.ByAnother || r.Result == mutants.OtherVerdict {
		return "-"
	}
	return fmt.Sprintf("%d/%d", r.Replayed, mutants.Replays)
}

// Summary writes what the table comes to.
func (t *KillTable) Summary() {
	m := t.run
	killed, n := m.Count(mutants.AsExpected), len(m.Records)
	t.Printf("\n%s: %d of %s killed, each by the property that its patch names", t.paint.Word(m.Status()), killed, reports.Plural(n, "mutant"))
	for _, r := range shortcomings {
		if k := m.Count(r); k > 0 {
			t.Printf(", %d %s", k, r)
		}
	}
	t.Printf("; %s\n", reports.Seconds(m.Elapsed))
	for _, x := range m.Medians() {
		t.Printf("median of %s: %s\n", reports.Plural(x.Mutants, "counterexample"), x)
	}
	if m.Interrupted {
		t.Printf("interrupted: this is what was found so far\n")
	}
	t.Printf("repeat with: %s\n", m.Command)
}

// KillTableMarkdown writes the kill table as a table in Markdown.
func KillTableMarkdown(w io.Writer, m *Mutants) error {
	p := reports.NewPrinter(w)
	p.Printf("| mutant | what is broken | killed by | cases | s | size | deviations | replayed |\n")
	p.Printf("|---|---|---|--:|--:|--:|--:|--:|\n")
	for i := range m.Records {
		r := &m.Records[i]
		what := strings.ReplaceAll(r.Mutant.Breaks, "|", `\|`)
		if r.Result == mutants.KnownAlive {
			p.Printf("| `%s` | %s | **%s**: %s | | | | | |\n", r.Mutant.Name, what, r.Result, strings.ReplaceAll(r.Why, "|", `\|`))
			continue
		}
		if r.Result != mutants.AsExpected {
			p.Printf("| `%s` | %s | **%s** | | | | | |\n", r.Mutant.Name, what, r.Result)
			continue
		}
		f := &r.Outcome.Failure
		p.Printf("| `%s` | %s | %s: %s, %s | %d | %.2f | %d | %d | %s |\n", r.Mutant.Name, what, r.Outcome.Property, f.Checker, f.Rule,
			f.Case+1, f.Found, f.Size, f.Deviations, replayed(r))
	}
	p.Printf("\n%d of %s killed, each by the property that its patch names", m.Count(mutants.AsExpected), reports.Plural(len(m.Records), "mutant"))
	if n := m.Count(mutants.KnownAlive); n > 0 {
		p.Printf(", %d %s", n, mutants.KnownAlive)
	}
	for _, x := range m.Medians() {
		p.Printf("; median of %s: %s", reports.Plural(x.Mutants, "counterexample"), x)
	}
	p.Printf(".\n")
	return p.Err()
}

// shortcomings are the results that a summary counts beside the kills.
var shortcomings = []mutants.Result{
	mutants.KnownAlive, mutants.Alive, mutants.NewlyKilled, mutants.ByAnother, mutants.OtherVerdict, mutants.NotReproduced, mutants.NotByMutation,
	mutants.DoesNotApply, mutants.DoesNotBuild, mutants.DoesNotRun, mutants.NotTried,
}
