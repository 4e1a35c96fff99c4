package properties

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestNeeded: as many runs as a rate asks for show the failure in about 99 of 100 tries, and no fewer would.
func TestNeeded(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, r := range []rate{{20, 200}, {3, 200}, {100, 200}} {
		n := r.needed()
		const tries = 10_000
		missed, fewer := 0, 0
		for range tries {
			first := 0
			for first < n && rng.IntN(r.runs) >= r.hits {
				first++
			}
			if first == n {
				missed++
			}
			if first >= n/2 {
				fewer++
			}
		}
		if missed > tries*3/200 || n > fewestRuns && fewer < tries/50 {
			t.Errorf("%d of %d: %d runs miss it in %d of %d tries, and half as many in %d", r.hits, r.runs, n, missed, tries, fewer)
		}
	}
	if (rate{}).needed() != mostRuns || (rate{1, 1_000_000}).needed() != mostRuns || (rate{5, 5}).needed() != fewestRuns {
		t.Error("rates beyond what can be run are not bounded")
	}
}

// TestRateText: a rate is written and read as the same, and what is none is refused.
func TestRateText(t *testing.T) {
	text := string((&Counterexample{Property: "P", Rule: "r", Hits: 3, Runs: 200, Workload: nil}).Format()) + "-- w --\n"
	c, err := ParseCounterexample("x", []byte(text))
	if err != nil || c.Hits != 3 || c.Runs != 200 {
		t.Errorf("%v: %+v", err, c)
	}
	for _, bad := range []string{"3", "3 of", "4 of 3", "-1 of 3", "3 of 200 or so", "x of 3"} {
		if _, err := ParseCounterexample("x", []byte(strings.Replace(text, "3 of 200", bad, 1))); err == nil || !strings.Contains(err.Error(), "no rate") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
