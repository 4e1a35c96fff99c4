package results

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"synchrony/properties"
	"synchrony/reports"
)

func propertyCount(n int) string {
	if n == 1 {
		return "1 property"
	}
	return reports.Thousands(n) + " properties"
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
	reports.Printer
	paint  reports.Palette
	Detail Detail
	// Width is the terminal's, to which long lines are fitted; 0 leaves them as they are.
	Width   int
	indent  string                    // of details
	idWidth int                       // of the longest ID that the header knows of
	tests   bool                      // the header said so: stories are told in less than full detail, too
	many    bool                      // properties: in usual detail, those that pass have no line
	causes  map[properties.Group]bool // of the failures that were written
	blank   bool                      // the last line is empty
}

// Detail is how much a console report says.
type Detail int

// The details.
const (
	Brief Detail = iota - 1 // what did not pass, each cause of failure once and without what happened; and the verdict
	Usual                   // what did not pass, each cause of failure once; and the verdicts by group
	Full                    // all counts, all evidence, and what happened in each counterexample
)

// NewText returns a Text that writes to w.
func NewText(w io.Writer, colour bool) *Text {
	return &Text{Printer: reports.NewPrinter(w), paint: reports.Palette(colour), indent: "      ", idWidth: idWidth, causes: map[properties.Group]bool{}}
}

// few is up to how many properties each gets a line, though it passes.
const few = 8

// Header says what is about to run. Of the properties, it needs their Info only.
func (t *Text) Header(run *Run) {
	t.tests = run.Subject == Tests
	t.many = len(run.Properties) > few && !t.tests
	for i := range run.Properties {
		t.idWidth = max(t.idWidth, len(run.Properties[i].Info.ID))
	}
	if t.Detail == Brief {
		return
	}
	if t.tests {
		t.testHeader(run)
		return
	}
	t.Printf("%s: ", propertyCount(len(run.Properties)))
	switch {
	case run.Iterations == 0:
		t.Printf("as many cases as fit into %v", run.Limit)
	case run.Limit > 0:
		t.Printf("%s each, within %v", reports.Plural(run.Iterations, "case"), run.Limit)
	default:
		t.Printf("%s each", reports.Plural(run.Iterations, "case"))
	}
	t.Printf(", seed %d", run.Seed)
	if !run.Shard.Whole() {
		first, count := run.Shard.Cases(run.Iterations)
		t.Printf("; this is shard %v: cases %d to %d", run.Shard, first, first+count-1)
	}
	t.Printf("\n\n")
	t.blank = true
}

// Property writes one line, and more if there is more to say than "passed".
func (t *Text) Property(p *Property) {
	r, status := &p.Result, p.Status()
	if (t.Detail == Brief || t.Detail == Usual && t.many) && status == reports.Pass && len(r.Stale) == 0 && r.Lost() == "" {
		return
	}
	if t.Detail != Full && status == reports.Fail && t.told(p) {
		return
	}
	t.blank = false
	if p.Interrupted && r.Cases == 0 && r.Schedules == 0 && len(r.Failures) == 0 && p.Err == nil {
		t.Printf("%s  %-*s %s: interrupted before it began\n", t.paint.Mark(status), t.idWidth, p.Info.ID, t.paint.Word(status))
		return
	}
	if t.tests {
		t.testLine(p)
		t.details(p)
		return
	}
	line := fmt.Sprintf("%-*s %7s %-5s %9s %-9s %7.2f s", t.idWidth, p.Info.ID,
		reports.Thousands(r.Cases), reports.Noun(r.Cases, "case"), reports.Thousands(r.Schedules), reports.Noun(r.Schedules, "schedule"), r.Seconds)
	t.Printf("%s  %s%s\n", t.paint.Mark(status), line, t.statement(p.Info.Statement, status, len(line)+len("pass  ")))
	t.details(p)
}

// details writes why a property did not pass, and how to see for oneself.
func (t *Text) details(p *Property) {
	r, status := &p.Result, p.Status()
	if why := p.Why(); why != "" {
		t.line("%s: %s", t.paint.Word(status), why)
	}
	if also := p.alsoUnmet(); also != "" {
		t.line("%s", also)
	}
	if t.Detail == Full {
		t.strategies(r)
	}
	before := maps.Clone(t.causes)
	for i := range r.Failures {
		cause := r.Failures[i].Group(p.Info.ID)
		t.causes[cause] = true
		if t.Detail == Full || !before[cause] { // else it was told of another property
			t.failure(&r.Failures[i])
		}
	}
	if status == reports.Fail && p.Err != nil {
		t.line("also: %v", p.Err)
	}
	if why := r.Lost(); why != "" {
		t.line("%s: %s; run %s as it comes", t.paint.With(reports.Yellow, "uncontrolled"), why, reports.Plural(r.Stress, "time"))
	}
	for _, s := range r.Stale {
		t.line("stale: %v", s)
	}
	for _, n := range r.Notes {
		t.line("note: %s", n)
	}
}

// line writes a line of details, broken if it is long.
func (t *Text) line(format string, args ...any) {
	for _, line := range wrap(fmt.Sprintf(format, args...), max(t.Width-len(t.indent), 0)) {
		t.Printf("%s%s\n", t.indent, line)
	}
}

// below writes lines below one that they belong to, at most limit of them; those that are too long go on below where they begin.
func (t *Text) below(lines []string, limit int) {
	if t.Width == 0 {
		t.Indented(t.indent+"  ", lines, limit)
		return
	}
	var shown []string
	for _, line := range lines[:min(len(lines), limit)] {
		shown = append(shown, hanging("", strings.ReplaceAll(line, "\t", "    "), t.Width-len(t.indent)-2)...)
	}
	t.Indented(t.indent+"  ", append(shown, lines[min(len(lines), limit):]...), len(shown))
}

// statement is what a property states, to be put after the column at: it goes on the
// same line if there is room. If not, that of a property that passed is cut short.
func (t *Text) statement(s string, status reports.Status, at int) string {
	const least = 16 // shorter than this says nothing
	room := t.Width - at - 2
	switch {
	case t.Width == 0 || utf8.RuneCountInString(s) <= room:
		return "  " + s
	case status != reports.Pass || t.Detail == Full:
		return "\n" + t.indent + strings.Join(wrap(s, t.Width-len(t.indent)), "\n"+t.indent)
	case room < least:
		return ""
	}
	return "  " + fit(s, room)
}

// strategies says what chose the schedules.
func (t *Text) strategies(r *properties.Result) {
	var words []string
	for _, s := range r.Strategies {
		words = append(words, s.Name+" "+reports.Thousands(s.Schedules))
	}
	if len(words) > 0 {
		t.line("schedules: %s", strings.Join(words, ", "))
	}
	words = nil
	for _, s := range r.Beside {
		words = append(words, reports.Thousands(s.Schedules)+" "+s.Name)
	}
	if len(words) > 0 {
		t.line("run beside them: %s", strings.Join(words, ", "))
	}
	if r.Covered > 0 {
		t.line("every schedule of %s, up to the order of steps that commute", reports.Plural(r.Covered, "case"))
	}
}

// idWidth fits the identifiers of the catalogue.
const idWidth = 4

func (t *Text) failure(f *properties.Failure) {
	evidence := maxEvidence
	if t.Detail == Full {
		evidence = len(f.Evidence)
	}
	t.line("%s: %s", t.paint.Bold(f.Checker+", "+f.Rule), f.Reason)
	t.below(f.Evidence, evidence)
	t.because(f.Because())
	if n := len(f.Output); n > 0 {
		t.line("the process had printed, at last:")
		t.below(f.Output[max(0, n-evidence):], evidence)
	}
	t.story(f)
	switch {
	case f.Case < 0:
		t.line("known: replayed from the corpus")
	case t.tests:
		t.line("found in schedule %s (%s) after %.2f s; %s", reports.Thousands(f.Schedules), f.Strategy, f.Found, reports.Plural(f.Deviations, "deviation"))
	default:
		size := ""
		if f.Size > 0 { // else the property counts none
			size = fmt.Sprintf("size %d, ", f.Size)
		}
		t.line("found in case %d (%s) after %.2f s; shrunk in %.2f s to %s%s",
			f.Case, f.Strategy, f.Found, f.Shrunk, size, reports.Plural(f.Deviations, "deviation"))
		if f.Cut {
			t.line("shrinking was cut short: something smaller may fail, too")
		}
	}
	if f.Refreshed {
		t.line("its schedule no longer fitted the system: it was found anew, and the file written anew")
	}
	if repeats := f.Repeats(); repeats != "" {
		t.line("%s", repeats)
	}
	switch {
	case f.File != "":
		t.Printf(t.indent+"reproduce it: %s\n", t.paint.Bold(f.Reproduce()))
	case f.Text != "":
		t.Printf(t.indent+"not saved; this is the counterexample, to be put in a file for verify replay:\n\n%s\n", f.Text)
	}
}

// because says what was wrong first, if that is known.
func (t *Text) because(c *properties.Cause) {
	if c != nil {
		t.line("because of %s: %s", t.paint.Bold(c.Checker+", "+c.Rule), c.Reason)
	}
}

// maxStory is how many lines of what happened the console shows in less than full detail.
const maxStory = 34

// story tells what happened in a counterexample.
func (t *Text) story(f *properties.Failure) {
	if t.Detail == Brief {
		return
	}
	c, err := properties.ParseCounterexample(f.File, []byte(f.Text))
	if err != nil {
		return
	}
	told := c.Story
	if !t.tests {
		told = c.Told()
	}
	if len(told)+len(c.Why) == 0 { // nothing is known but what was said
		return
	}
	t.line("what happened:")
	lines := fitted(told, t.Width-len(t.indent)-2)
	most := maxStory
	if t.Detail == Full || t.tests {
		most = len(lines)
	}
	t.Folded(t.indent+"  ", lines, most)
	for _, line := range slices.Concat(c.Why, f.Lines) {
		t.line("%s", line)
	}
}

// Summary writes what was tested, and the verdict.
func (t *Text) Summary(run *Run) {
	if t.Detail == Full {
		for _, table := range run.Tables() {
			title := fmt.Sprintf("What the %s of group %q were (a case may have several labels):", reports.Plural(table.Cases, "case"), table.Group)
			t.Printf("\n%s\n", strings.Join(wrap(title, t.Width), "\n"))
			t.labels(table)
		}
	}
	if t.Detail == Full {
		t.sometimes(run)
	}
	t.verdicts(run)
	t.recap(run)
	t.verdict(run)
	t.missed(run)
	t.advice(run)
	switch n := run.short(); {
	case run.Interrupted:
		t.Printf("interrupted: this is what was found so far\n")
	case n > 0:
		t.Printf("the time was over: %s got fewer than %s\n", propertyCount(n), reports.Plural(run.Iterations, "case"))
	}
	t.Printf("repeat with: %s\n", run.Command)
	if !run.Shard.Whole() {
		t.Printf("the whole run's verdict: verify merge, of the JSON reports of all %d shards\n", run.Shard.Of)
	}
}

// verdict writes the run's verdict, and what it rests on.
func (t *Text) verdict(run *Run) {
	words := fmt.Sprintf("%s: %d of %s passed", t.paint.Word(run.Status()), run.Count(reports.Pass), run.Subject.Count(len(run.Properties)))
	for _, s := range []struct {
		reports.Status
		words string
	}{{reports.Fail, "failed"}, {reports.Broken, "ended by an error of the harness"}, {reports.Inconclusive, "inconclusive"}} {
		if n := run.Count(s.Status); n > 0 {
			words += fmt.Sprintf(", %d %s", n, s.words)
			if causes := len(run.causes()); s.Status == reports.Fail && causes < n {
				words += " for " + reports.Plural(causes, "cause")
			}
		}
	}
	if n := run.replayed(); n > 0 {
		words += fmt.Sprintf("; %s replayed", reports.Plural(n, "known counterexample"))
	}
	if run.Subject == Tests {
		words += fmt.Sprintf("; %s, %s", reports.Plural(run.Schedules(), "schedule"), reports.Seconds(run.Elapsed))
		if n := run.complete(); n > 0 {
			words += fmt.Sprintf("; every schedule of the synchronisation in %s", reports.Plural(n, "test"))
			if !strings.Contains(run.Command+" ", " --race ") {
				words += "; plain reads and writes are no steps: --race looks at them"
			}
		}
		t.native(run)
		t.Printf("\n%s\n", strings.Join(wrap(words, t.Width), "\n"))
		return
	}
	words += fmt.Sprintf("; %s, %s, %s", reports.Plural(run.Cases(), "case"), reports.Plural(run.Schedules(), "schedule"), reports.Seconds(run.Elapsed))
	if n := run.Covered(); n > 0 {
		words += fmt.Sprintf("; every schedule of %s", reports.Plural(n, "case"))
	}
	if run.Smoke {
		words += "; a smoke run, in which what has to happen sometimes need not"
	}
	if n := run.uncontrolled(); n > 0 {
		words += fmt.Sprintf("; %s not under control", reports.Plural(n, "case"))
	}
	if t.Detail != Brief || run.Count(reports.Pass) < len(run.Properties) { // there is something above
		t.Printf("\n")
	}
	t.Printf("%s\n", strings.Join(wrap(words, t.Width), "\n"))
}
