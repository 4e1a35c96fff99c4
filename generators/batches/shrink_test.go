package batches

import (
	"testing"

	"pgregory.net/rapid"

	"synchrony/generators/internal/rapidtest"
	"synchrony/models/batch"
)

func TestMain(m *testing.M) { rapidtest.Main(m) }

// shrunk returns the smallest workload that rapid finds for which bad is true, and
// how many workloads it tried and how many of them differ: the rest is spent on
// numbers that mean nothing, and costs nothing where verdicts are remembered.
func shrunk(t *testing.T, o Options, bad func(batch.Workload) bool) (least batch.Workload, tried, different int) {
	t.Helper()
	seen := make(map[string]bool)
	r := rapidtest.New(t.Name())
	done := make(chan struct{})
	go func() {
		defer close(done)
		rapid.Check(r, func(t *rapid.T) {
			w, _ := Workload(t, o)
			tried++
			seen[textOf(w)] = true
			if bad(w) {
				least = w
				t.Fatalf("bad")
			}
		})
	}()
	<-done
	if !r.Failed() {
		t.Fatal("no workload is bad: nothing was shrunk")
	}
	return least, tried, len(seen)
}

func TestBatchesShrinkToTheirCore(t *testing.T) {
	has := func(label string) func(batch.Workload) bool {
		return func(w batch.Workload) bool { return Classify(w).Has(label) }
	}
	for _, c := range []struct {
		name         string
		options      Options
		bad          func(batch.Workload) bool
		transactions int
	}{
		{"WAR only", Committing(), has("pair: WAR only"), 2},
		{"WAW only", Committing(), has("pair: WAW only"), 2},
		{"offset", Failing(), has("failing: mint offset by burn"), 2},
		{"cycle", Cyclic(), has("outcome: cycle"), 2},
		{"work", Timing(), has("time: work"), 1},
		{"three workers", Anything(), func(w batch.Workload) bool {
			return w.Setup.Workers >= 3 && len(w.Batch.Transactions) > 3
		}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, tried, different := shrunk(t, c.options, c.bad)
			text := textOf(w)
			t.Logf("after %d workloads, %d different:\n%s", tried, different, text)
			if n := len(w.Batch.Transactions); n > c.transactions {
				t.Errorf("shrunk to %d transactions, want at most %d:\n%s", n, c.transactions, text)
			}
		})
	}
}
