package checkers_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/checkers/recorded"
	"synchrony/models/trace"
	"synchrony/properties/catalogue/checks"
)

// all returns the checkers that the recorded runs have verdicts of.
func all() []checkers.OfBatch { return checks.Recorded(checks.Batches()) }

func corpus(t *testing.T) []recorded.Run {
	t.Helper()
	runs, err := recorded.All()
	if err != nil || len(runs) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	return runs
}

// verdicts is what all checkers say of an entry that is not a pass.
func verdicts(e recorded.Run) (lines []string, full []checkers.Verdict) {
	for _, c := range all() {
		v := c.Check(e.Workload, e.Seen)
		full = append(full, v)
		switch v.Status {
		case checkers.Fail:
			lines = append(lines, fmt.Sprintf("%s: fail: %s", c.Name(), v.Rule))
		case checkers.Unknown:
			lines = append(lines, c.Name()+": unknown")
		}
	}
	slices.Sort(lines)
	return lines, full
}

func TestCorpus(t *testing.T) {
	for _, e := range corpus(t) {
		t.Run(e.Name, func(t *testing.T) {
			if e.About == "" {
				t.Error("it does not say what happened")
			}
			got, full := verdicts(e)
			if !slices.Equal(got, e.Verdicts) {
				t.Errorf("%s\n got:\n\t%s\nwant:\n\t%s", e.Name, strings.Join(got, "\n\t"), strings.Join(e.Verdicts, "\n\t"))
			}
			for _, v := range full {
				if v.Status != checkers.Pass && v.Reason == "" {
					t.Errorf("a verdict without a reason: %+v", v)
				}
				if v.Status != checkers.Pass {
					t.Logf("%v: %s: %s\n\t%s", v.Status, v.Rule, v.Reason, strings.Join(v.Evidence, "\n\t"))
				}
			}
		})
	}
}

// TestCorpusIsBroad holds the corpus to have, for each checker, right and wrong
// runs, and wrong ones that no other package catches; but for serializability, which
// judges less of a batch than race does, and explains more.
func TestCorpusIsBroad(t *testing.T) {
	wrong, alone := map[string]int{}, map[string]int{}
	right := 0
	for _, e := range corpus(t) {
		if len(e.Verdicts) == 0 {
			right++
		}
		packages := map[string]bool{}
		for _, line := range e.Verdicts {
			name, _, _ := strings.Cut(line, ":")
			folder, _, _ := strings.Cut(name, "/")
			packages[folder] = true
		}
		for _, line := range e.Verdicts {
			if name, _, ok := strings.Cut(line, ": fail"); ok {
				wrong[name]++
				if len(packages) == 1 {
					alone[name]++
				}
			}
		}
	}
	if right < 6 {
		t.Errorf("%d right runs", right)
	}
	for _, c := range all() {
		if wrong[c.Name()] == 0 || alone[c.Name()] == 0 && c.Name() != "serializability" {
			t.Errorf("%s: %d wrong runs, %d that it alone catches", c.Name(), wrong[c.Name()], alone[c.Name()])
		}
	}
}

// TestSimulated holds all checkers to pass right runs of random batches.
func TestSimulated(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		o := simulate.Options{
			Transactions: rng.IntN(40), Accounts: 1 + rng.IntN(12), Workers: 1 + rng.IntN(5),
			Readers: rng.IntN(100), Steps: rng.IntN(2) == 0, Observers: rng.IntN(3),
		}
		w, seen := simulate.Run(rng, o)
		for _, c := range all() {
			if v := c.Check(w, seen); v.Status != checkers.Pass {
				t.Fatalf("seed %d, %+v: %s: %v: %s: %s\n%s", seed, o, c.Name(), v.Status, v.Rule, v.Reason, trace.Format(seen, w.Batch))
			}
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	const n = 100_000
	for _, contention := range []struct {
		name     string
		accounts int
	}{{"low", n}, {"medium", n / 10}} {
		w, seen := simulate.Run(rand.New(rand.NewPCG(1, 1)), simulate.Options{
			Transactions: n, Accounts: contention.accounts, Workers: 8, Readers: 30, Steps: true,
		})
		for _, c := range all() {
			b.Run(c.Name()+"/"+contention.name, func(b *testing.B) {
				for b.Loop() {
					if v := c.Check(w, seen); v.Status != checkers.Pass {
						b.Fatal(v)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/tx")
			})
		}
	}
}
