package properties

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
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

// TestReproduce: what a person is told to type is one argument to a shell for each name, whatever is in it.
func TestReproduce(t *testing.T) {
	for _, c := range []struct{ program, path, want string }{
		{"", "found/S1-order.txtar", "verify replay found/S1-order.txtar"},
		{"", "my cases/it's.txtar", `verify replay 'my cases/it'\''s.txtar'`},
		{"--system './x.py wrong batch' --kind batch", "c/wrong batch.txtar", "verify replay --system './x.py wrong batch' --kind batch 'c/wrong batch.txtar'"},
		{"example.org/d", "a b", "go run example.org/d replay 'a b'"},
	} {
		x := &Counterexample{Program: c.program, Property: "S1", Workload: []txtar.File{{Name: "workload"}}}
		if got := x.Reproduce(c.path); got != c.want {
			t.Errorf("by %q, %q: %s, want %s", c.program, c.path, got, c.want)
		}
		f := &Failure{File: c.path, Text: string(x.Format())}
		if got := f.Reproduce(); got != c.want {
			t.Errorf("of a failure: %s, want %s", got, c.want)
		}
	}
}
