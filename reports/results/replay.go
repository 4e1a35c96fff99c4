package results

import (
	"io"

	"synchrony/reports"
)

// Text writes what replaying a counterexample showed, for a terminal of so many columns; 0 is for none.
func (r *Replayed) Text(w io.Writer, colour bool, width int) error {
	t := NewText(w, colour)
	t.Width = width
	switch v := r.Found; {
	case v == nil:
		t.Printf("this failure is not met any more; it was %s, %s: %s\n", r.Recorded.Checker, r.Recorded.Rule, r.Recorded.Reason)
	case v.Rule == "":
		t.Printf("%s: undecided: %s\n", v.Checker, v.Reason)
	default:
		t.Printf("%s: %s\n", t.paint.Bold(v.Checker+", "+v.Rule), v.Reason)
		t.Indented("  ", v.Evidence, len(v.Evidence))
	}
	if len(r.Story) > 0 {
		t.Printf("what happened:\n")
		story := fitted(r.Story, width-2)
		t.Indented("  ", story, len(story))
	}
	if len(r.Why) > 0 && r.Found != nil {
		t.Printf("why:\n")
		t.Indented("  ", r.Why, len(r.Why))
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
		t.Printf("%s in %s\n", word, elapsed)
		return t.Err()
	}
	t.Printf("%s: %d of %d in %s", word, r.Reproduced, r.Times, elapsed)
	if r.Executions > 0 {
		t.Printf("; %s", reports.Plural(r.Executions, "different execution"))
	}
	t.Printf("\n")
	return t.Err()
}
