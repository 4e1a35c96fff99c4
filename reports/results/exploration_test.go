package results

import (
	"io"
	"strings"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/reports/internal/golden"
)

// TestExplorationRepeats: an exploration with several outcomes is told in the same words, and in the same order, each time.
func TestExplorationRepeats(t *testing.T) {
	e := &Exploration{
		Subject: "transfers.ae: 3 transactions, 2 workers", Property: properties.Info{ID: "S", Statement: "it holds"},
		Cases: 1, Preemptions: -1, Elapsed: 3 * time.Second,
		Result: properties.Exploration{
			Cases: 1, Complete: 1, Schedules: 60, Traces: 7, Seconds: 3,
			Outcomes: properties.Outcomes{Counts: []properties.OutcomeCount{{Text: "committed: a 1", Schedules: 30}, {Text: "committed: a 2", Schedules: 30}}},
		},
	}
	text := golden.Repeats(t, func(w io.Writer) error { return ExplorationText(w, e, false) })
	golden.Repeats(t, func(w io.Writer) error { return ExplorationJSON(w, e) })
	first, second := strings.Index(string(text), "a 1"), strings.Index(string(text), "a 2")
	if first < 0 || second < first {
		t.Errorf("the outcomes are not told in order:\n%s", text)
	}
}
