package results

import (
	"io"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/reports"
)

// Replay writes what replaying a counterexample showed: that hits of times
// replays, which took elapsed together, reproduced it, and the story of the first.
func Replay(w io.Writer, c *properties.Counterexample, first *properties.Replay, hits, times int, elapsed time.Duration, colour bool) error {
	t := NewText(w, colour)
	v := first.Verdict
	switch {
	case v.Status == checkers.Fail:
		t.Printf("%s: %s\n", t.paint.Bold(first.Checker+", "+v.Rule), v.Reason)
		t.Indented("  ", v.Evidence, len(v.Evidence))
	case v.Status == checkers.Unknown:
		t.Printf("%s: undecided: %s\n", first.Checker, v.Reason)
	default:
		t.Printf("no violation this time; it was %s, %s: %s\n", c.Checker, c.Rule, c.Reason)
	}
	if len(first.Story) > 0 {
		t.Printf("what happened:\n")
		t.Indented("  ", first.Story, len(first.Story))
	}
	if first.Stale != "" {
		t.line("stale: the recorded schedule no longer fits the system (%s); the workload was searched anew: %s", first.Stale, anew(first))
	}
	word := t.paint.With(reports.Yellow, "not reproduced")
	if hits == times {
		word = t.paint.With(reports.Bold+reports.Red, "reproduced")
	}
	if times == 1 {
		t.Printf("%s in %s\n", word, reports.Seconds(elapsed))
	} else {
		t.Printf("%s: %d of %d in %s\n", word, hits, times, reports.Seconds(elapsed))
	}
	return t.Err()
}

// anew says what searching a stale counterexample's workload showed.
func anew(r *properties.Replay) string {
	if r.Reproduced {
		return "it still fails; verify run writes its file anew"
	}
	return "it passes " + reports.Plural(r.Runs, "schedule")
}
