package reports

import (
	"fmt"
	"io"
	"strings"
	"time"

	"synchrony/properties"
)

func propertyCount(n int) string {
	if n == 1 {
		return "1 property"
	}
	return thousands(n) + " properties"
}

// maxEvidence is how many lines of a failure's evidence the console shows; the
// counterexample's file has them all.
const maxEvidence = 8

// Console writes a run as text for a person, in colour if asked to.
func Console(w io.Writer, run *Run, colour bool) error {
	t := NewText(w, colour)
	t.Header(run)
	for i := range run.Properties {
		t.Property(&run.Properties[i])
	}
	t.Summary(run)
	return t.Err()
}

// Text writes the parts of a console report as they come to be known: a header,
// each property, a summary.
type Text struct {
	printer
	paint  palette
	indent string // of details
}

// NewText returns a Text that writes to w.
func NewText(w io.Writer, colour bool) *Text {
	return &Text{printer{w: w}, palette(colour), "      "}
}

// Err returns the first error of writing.
func (t *Text) Err() error { return t.err }

// Header says what is about to run. Of run, it needs the properties' number only.
func (t *Text) Header(run *Run) {
	t.printf("%s: ", propertyCount(len(run.Properties)))
	switch {
	case run.Iterations == 0:
		t.printf("as many cases as fit into %v", run.Limit)
	case run.Limit > 0:
		t.printf("%s each, within %v", plural(run.Iterations, "case"), run.Limit)
	default:
		t.printf("%s each", plural(run.Iterations, "case"))
	}
	t.printf(", seed %d", run.Seed)
	if !run.Shard.Whole() {
		first, count := run.Shard.Cases(run.Iterations)
		t.printf("; this is shard %v: cases %d to %d", run.Shard, first, first+count-1)
	}
	t.printf("\n\n")
}

// Property writes one line, and more if there is more to say than "passed".
func (t *Text) Property(p *Property) {
	r, status := &p.Result, p.Status()
	t.printf("%s  %-*s %7s %-5s %9s %-9s %7.2f s  %s\n", t.paint.mark(status), idWidth, p.Info.ID,
		thousands(r.Cases), noun(r.Cases, "case"), thousands(r.Schedules), noun(r.Schedules, "schedule"), r.Seconds, p.Info.Statement)
	t.details(p)
}

// details writes why a property did not pass, and how to see for oneself.
func (t *Text) details(p *Property) {
	r, status := &p.Result, p.Status()
	if why := p.Why(); why != "" {
		t.line("%s: %s", t.paint.word(status), why)
	}
	if unmet := r.Unmet(); status == Inconclusive && len(unmet) > 1 && r.Cases > 0 {
		t.line("nor these: %s", strings.Join(unmet[1:], "; "))
	}
	for i := range r.Failures {
		t.failure(&r.Failures[i])
	}
	if status == Fail && p.Err != nil {
		t.line("also: %v", p.Err)
	}
	for _, file := range r.Stale {
		t.line("stale: %s no longer fits the system; delete it", file)
	}
}

// line writes a line of details.
func (t *Text) line(format string, args ...any) { t.printf(t.indent+format+"\n", args...) }

// idWidth fits the identifiers of the catalogue.
const idWidth = 4

func (t *Text) failure(f *properties.Failure) {
	t.line("%s: %s", t.paint.bold(f.Checker+", "+f.Rule), f.Reason)
	t.indented(t.indent+"  ", f.Evidence, maxEvidence)
	if f.Case < 0 {
		t.line("known: replayed from the corpus")
	} else {
		t.line("found in case %d (%s) after %.2f s; shrunk in %.2f s to size %d, %s",
			f.Case, f.Strategy, f.Found, f.Shrunk, f.Size, plural(f.Deviations, "deviation"))
	}
	if !f.Replayed {
		t.line("the shrunk case did not fail again when it was replayed: it does not fail every time")
	}
	switch {
	case f.File != "":
		t.line("reproduce it: %s", t.paint.bold("verify replay "+f.File))
	case f.Text != "":
		t.line("not saved; this is the counterexample, to be put in a file for verify replay:\n\n%s", f.Text)
	}
}

// Summary writes what was tested, and the verdict.
func (t *Text) Summary(run *Run) {
	for _, table := range run.Tables() {
		t.printf("\nWhat the %s of group %q were (a case may have several labels):\n", plural(table.Cases, "case"), table.Group)
		t.labels(table)
	}
	t.sometimes(run)
	t.printf("\n%s: %d of %s passed", t.paint.word(run.Status()), run.Count(Pass), propertyCount(len(run.Properties)))
	for _, s := range []struct {
		Status
		words string
	}{{Fail, "failed"}, {Broken, "ended by an error of the harness"}, {Inconclusive, "inconclusive"}} {
		if n := run.Count(s.Status); n > 0 {
			t.printf(", %d %s", n, s.words)
		}
	}
	if n := run.Replayed(); n > 0 {
		t.printf("; %s replayed", plural(n, "known counterexample"))
	}
	t.printf("; %s, %s, %s\n", plural(run.Cases(), "case"), plural(run.Schedules(), "schedule"), seconds(run.Elapsed))
	if run.Interrupted {
		t.printf("interrupted: this is what was found so far\n")
	}
	t.printf("repeat with: %s\n", run.Command)
	if !run.Shard.Whole() {
		t.printf("the whole run's verdict: verify merge, of the JSON reports of all %d shards\n", run.Shard.Of)
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// labels writes a table in two columns, down the first and then the second.
func (t *Text) labels(table Table) {
	width := 0
	for _, l := range table.Labels {
		width = max(width, len(l.Name))
	}
	cell := func(c properties.Count) string {
		return fmt.Sprintf("%-*s %9s %9s", width, c.Name, thousands(c.Cases), percent(c.Cases, table.Cases))
	}
	rows := (len(table.Labels) + 1) / 2
	for i := range rows {
		t.printf("  %s", cell(table.Labels[i]))
		if j := i + rows; j < len(table.Labels) {
			t.printf("     %s", cell(table.Labels[j]))
		}
		t.printf("\n")
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
	t.printf("\nWhat had to happen at least once (cases in which it did):\n")
	for _, p := range run.Properties {
		if len(p.Result.Failures) > 0 {
			continue
		}
		for _, c := range p.Result.Sometimes {
			count := thousands(c.Cases)
			if c.Cases == 0 {
				count = fmt.Sprintf("%9s", "never")
			}
			t.printf("  %-*s  %-*s %9s\n", idWidth, p.Info.ID, width, c.Name, count)
		}
	}
}
