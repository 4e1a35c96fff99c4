package results

import (
	"fmt"
	"io"
	"strings"

	"synchrony/reports"
)

// Heading writes which counterexample is replayed, and what its property states, for a terminal of so many columns; that of a test states nothing.
func (r *Replayed) Heading(w io.Writer, statement string, width int) {
	what := r.Property
	if statement != "" {
		what += ": " + statement
	}
	fmt.Fprintf(w, "%s\n%s\n", r.File, strings.Join(wrap(what, width), "\n"))
}

// Text writes what replaying a counterexample showed, for a terminal of so many columns; 0 is for none.
func (r *Replayed) Text(w io.Writer, colour bool, width int) error {
	t := NewText(w, colour)
	t.Width, t.indent = width, ""
	switch v := r.Found; {
	case v == nil:
		t.line("this failure is not met any more; it was %s, %s: %s", r.Recorded.Checker, r.Recorded.Rule, r.Recorded.Reason)
	case v.Rule == "":
		t.line("%s: undecided: %s", v.Checker, v.Reason)
	default:
		t.line("%s: %s", t.paint.Bold(v.Checker+", "+v.Rule), v.Reason)
		t.below(v.Evidence, len(v.Evidence))
		t.because(v.Because)
	}
	if len(r.Story) > 0 {
		t.Printf("what happened:\n")
		story := fitted(r.Story, width-2)
		t.Indented("  ", story, len(story))
	}
	if r.Found != nil {
		for _, line := range r.Why {
			t.line("%s", line)
		}
	}
	if r.Stale != "" {
		t.line("stale: the recorded schedule no longer fits (%s); its case was searched anew: %s", r.Stale, r.anew())
	} else if r.Changed {
		t.line("the tested code has changed since; the schedule still fits")
	}
	for _, d := range r.Differs {
		t.line("it differs from what is recorded: %v", d)
	}
	return t.reproduced(r)
}

// anew says what searching the case of a stale counterexample showed.
func (r *Replayed) anew() string {
	switch {
	case r.Refreshed:
		return "it still fails, and its file is written anew"
	case r.Status == reports.Pass:
		return "it passes " + reports.Plural(r.Schedules, "schedule")
	case r.Status == reports.Fail && r.Reproduced == 0:
		return "it fails otherwise"
	case r.Status == reports.Fail:
		return "it still fails"
	}
	return "it is undecided"
}

// reproduced says in how many replays it was.
func (t *Text) reproduced(r *Replayed) error {
	word := t.paint.With(reports.Yellow, "not reproduced")
	if r.Reproduced == r.Times {
		word = t.paint.With(reports.Bold+reports.Red, "reproduced")
	}
	elapsed := reports.Seconds(fromSeconds(r.Seconds))
	if r.Reproduced == 0 && r.Status == reports.Fail {
		elapsed += "; it fails otherwise"
	}
	if r.Times == 1 {
		t.line("%s in %s", word, elapsed)
		return t.Err()
	}
	if r.Executions > 0 {
		elapsed += "; " + reports.Plural(r.Executions, "different execution")
	}
	t.line("%s: %d of %d in %s", word, r.Reproduced, r.Times, elapsed)
	return t.Err()
}
