package mutation

import (
	"synchrony/reports/internal/golden"

	"bytes"
	"io"
	"testing"
	"time"

	"synchrony/properties/mutants/auto"
	"synchrony/reports"
)

// sampleAuto is a run of automatic mutants in which each verdict occurred.
func sampleAuto() *AutoMutants {
	result := func(line, operator string, v auto.Verdict) auto.Result {
		return auto.Result{
			Name: "executor/synchrony/graph.go:" + line + ":" + operator + ":1", Operator: operator, Verdict: v,
			Key:  "executor/synchrony (*scratch).edge " + operator + ": a < b => a <= b",
			Diff: "--- a/executor/synchrony/graph.go\n+++ b/executor/synchrony/graph.go\n@@ -1 +1 @@\n-a < b\n+a <= b\n",
		}
	}
	killed := result("10", "rel-swap", auto.Killed)
	killed.By, killed.How, killed.Stage, killed.Seconds = "S", "outcome, wrong balance", 1, 0.5
	listed := result("20", "rel-swap", auto.Listed)
	listed.Reason = "They are never equal."
	survived := result("30", "wait-drop", auto.Survived)
	survived.Stage, survived.Seconds = 4, 32
	return &AutoMutants{
		Tool: "verify v1.2.3", Command: "verify mutants auto --sample 4 --seed 7", Seed: 7,
		Packages: []string{"executor/synchrony"}, Candidates: 1234, Elapsed: 40 * time.Second,
		Results: []auto.Result{killed, listed, survived, result("40", "wait-drop", auto.NotTested)},
	}
}

func TestAutoTable(t *testing.T) {
	golden.Check(t, "mutants_auto.txt", func(w io.Writer) error {
		run := sampleAuto()
		table := NewAutoTable(w, run, false)
		table.Header(len(run.Results))
		for i := range run.Results {
			table.Result(&run.Results[i])
		}
		table.Summary()
		return table.Err()
	})
}

func TestAutoMutantsJSON(t *testing.T) {
	golden.Check(t, "mutants_auto.json", func(w io.Writer) error { return AutoMutantsJSON(w, sampleAuto()) })
}

// TestAutoStatus goes through what a run can come to.
func TestAutoStatus(t *testing.T) {
	all := sampleAuto().Results
	killed, listed, survived, untested := all[0], all[1], all[2], all[3]
	for name, c := range map[string]struct {
		results     []auto.Result
		interrupted bool
		want        reports.Status
	}{
		"nothing":              {nil, false, reports.Inconclusive},
		"all killed":           {[]auto.Result{killed, listed}, false, reports.Pass},
		"cut short":            {[]auto.Result{killed}, true, reports.Inconclusive},
		"some not tested":      {[]auto.Result{killed, untested}, false, reports.Inconclusive},
		"a survivor":           {[]auto.Result{killed, survived}, false, reports.Fail},
		"a survivor outweighs": {[]auto.Result{survived, untested}, true, reports.Fail},
	} {
		m := &AutoMutants{Results: c.results, Interrupted: c.interrupted}
		if got := m.Status(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestAutoTableErrors writes to somewhere that takes nothing.
func TestAutoTableErrors(t *testing.T) {
	table := NewAutoTable(golden.Full{}, sampleAuto(), true)
	table.Summary()
	if table.Err() == nil {
		t.Error("a table that could not be written has no error")
	}
	var b bytes.Buffer
	if table := NewAutoTable(&b, sampleAuto(), true); table.Err() != nil || b.Len() > 0 {
		t.Error("a new table has written something")
	}
}
