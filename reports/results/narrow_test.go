package results

import (
	"slices"
	"testing"

	"synchrony/properties/story"
)

// TestFitted: on a narrow terminal the rows of a story say who did what; where it fits, it has columns.
func TestFitted(t *testing.T) {
	rows := []story.Row{
		{Worker: 0, Text: "begins"}, {Step: 4, Worker: 0, Text: "locks mutex 0  (line 54)"}, {Step: 5, Worker: 1, Text: "locks mutex 1, of which a lot is to be told", Deviates: true},
		{Step: 6, Worker: 1, Text: "… 3 steps …", Folded: true},
	}
	table := story.NewTable(rows, func(worker int32) string { return []string{"main", "worker 0"}[worker] })
	lines := slices.Concat([]string{"Before: a 100."}, table.Lines(rows), []string{"At the end:", "  main waits at systems.go:45 for wait group 0"})
	for width, want := range map[int][]string{
		40: {
			"Before: a 100.",
			"      main: begins",
			"   4  main: locks mutex 0  (line 54)",
			"   5* worker 0: locks mutex 1, of which",
			"      a lot is to be told",
			"      … 3 steps …",
			"At the end:",
			"  main waits at systems.go:45 for wait",
			"  group 0",
		},
		80: {
			"Before: a 100.",
			"      main                                              worker 0",
			"      begins",
			"   4  locks mutex 0  (line 54)",
			"   5*                                                   locks mutex 1, of which",
			"                                                        a lot is to be told",
			"      … 3 steps …",
			"At the end:",
			"  main waits at systems.go:45 for wait group 0",
		},
		0: lines, 200: lines,
	} {
		if got := fitted(lines, width); !slices.Equal(got, want) {
			t.Errorf("at %d: %q\nwant %q", width, got, want)
		}
	}
}
