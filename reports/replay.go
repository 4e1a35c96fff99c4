package reports

import (
	"io"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
)

// Replay writes what replaying a counterexample showed: that hits of times
// replays, which took elapsed together, reproduced it, and the story of the first.
func Replay(w io.Writer, c *properties.Counterexample, first *properties.Replay, hits, times int, elapsed time.Duration, colour bool) error {
	t := NewText(w, colour)
	v := first.Verdict
	switch {
	case v.Status == checkers.Fail:
		t.printf("%s: %s\n", t.paint.bold(first.Checker+", "+v.Rule), v.Reason)
		t.indented("  ", v.Evidence, len(v.Evidence))
	case v.Status == checkers.Unknown:
		t.printf("%s: undecided: %s\n", first.Checker, v.Reason)
	default:
		t.printf("no violation this time; it was %s, %s: %s\n", c.Checker, c.Rule, c.Reason)
	}
	if len(first.Story) > 0 {
		t.printf("what happened:\n")
		t.indented("  ", first.Story, len(first.Story))
	}
	word := t.paint.with(sgrYellow, "not reproduced")
	if hits == times {
		word = t.paint.with(sgrBold+sgrRed, "reproduced")
	}
	if times == 1 {
		t.printf("%s in %s\n", word, seconds(elapsed))
	} else {
		t.printf("%s: %d of %d in %s\n", word, hits, times, seconds(elapsed))
	}
	return t.err
}
