package batches

import (
	"reflect"
	"slices"
	"testing"

	"synchrony/models/batch"
)

// textOf returns a workload's text.
func textOf(w batch.Workload) string { return Drawn{w}.GoString() }

// cases draws n workloads, the same ones every time.
func cases(n int, o Options) []batch.Workload {
	g := Workloads(o)
	ws := make([]batch.Workload, n)
	for seed := range ws {
		ws[seed] = g.Example(seed).Workload
	}
	return ws
}

var profiles = []struct {
	name    string
	options Options
}{
	{"zero", Options{}},
	{"anything", Anything()},
	{"committing", Committing()},
	{"contended", Contended()},
	{"failing", Failing()},
	{"timing", Timing()},
	{"cyclic", Cyclic()},
	{"misconfigured", Misconfigured()},
	{"detours", Options{Failures: 60, Panics: 20, Detours: 80, After: 30}},
	{"plain", Options{Plain: true}},
	{"one account", Options{MaxAccounts: 1, MaxWorkers: 1, Failures: 30, Mints: 30}},
	{"disjoint", Options{Contention: Disjoint, MaxAccounts: 100}},
	{"large", Options{MaxTransactions: 200, MaxAccounts: 500, After: 50}},
}

func TestWorkloadsAreValidAndRoundTrip(t *testing.T) {
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			for seed, w := range cases(150, p.options) {
				if err := w.Batch.Validate(); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				text, err := batch.FormatWorkload(w)
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				again, err := batch.ParseWorkload("case", text)
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, text)
				}
				if !reflect.DeepEqual(again, w) {
					t.Fatalf("seed %d: printed and parsed it is\n%s\nbut was\n%s", seed, textOf(again), text)
				}
			}
		})
	}
}

func TestWorkloadsAreDeterministic(t *testing.T) {
	a, b := cases(50, Anything()), cases(50, Anything())
	for i := range a {
		if textOf(a[i]) != textOf(b[i]) {
			t.Fatalf("seed %d gives two workloads", i)
		}
	}
}

func TestOptionsBoundWhatIsDrawn(t *testing.T) {
	o := Options{MaxTransactions: 5, MaxAccounts: 4, MaxWorkers: 2}
	for seed, w := range cases(300, o) {
		b := w.Batch
		if len(b.Transactions) > 5 || len(b.Accounts) > 4 || w.Setup.Workers > 2 {
			t.Fatalf("seed %d: %d transactions, %d accounts, %d workers", seed, len(b.Transactions), len(b.Accounts), w.Setup.Workers)
		}
		if l := Classify(w); !l.Has("outcome: commits") || l.Has("after: any") || l.Has("time: work") || !l.Has("mode: parallel") {
			t.Fatalf("seed %d has what was not asked for: %v", seed, l)
		}
	}
}

// What is meant to commit does, and this package's reading of the language agrees
// with the specification's on what fails first and why.
func TestOutcomesAgreeWithTheSpecification(t *testing.T) {
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			o := p.options
			for seed, w := range cases(300, o) {
				l := Classify(w)
				if o.Failures+o.Mints+o.Cycles+o.Panics == 0 && !l.Has("outcome: commits") {
					t.Fatalf("seed %d is meant to commit and is: %v\n%s", seed, l, textOf(w))
				}
				outcome := batch.RunSerially(w.Batch, w.Setup.Panics...)
				if l.Has("outcome: cycle") || l.Has("after: backward") {
					continue // the order may not be the submission order
				}
				ours := failures(w)
				if (outcome.Failure == nil) != (len(ours) == 0) {
					t.Fatalf("seed %d: the specification says %v, we %v", seed, outcome.Failure, ours)
				}
				if f := outcome.Failure; f != nil && (f.Tx != ours[0].tx || f.Kind != ours[0].kind) {
					t.Fatalf("seed %d: the specification says %v, we %v", seed, f, ours)
				}
			}
		})
	}
}

func TestBulk(t *testing.T) {
	const n = 10_000
	for _, how := range []Contention{Uniform, Zipf, HotPair, Disjoint, AllOnOne, Chain, Star, Tree} {
		w := Bulk(7, n, Options{MaxAccounts: 5000, Contention: how, Work: 50})
		if got := len(w.Batch.Transactions); got != n {
			t.Errorf("contention %d: %d transactions", how, got)
		}
		if err := w.Batch.Validate(); err != nil {
			t.Errorf("contention %d: %v", how, err)
		}
		if outcome := batch.RunSerially(w.Batch); outcome.Failure != nil {
			t.Errorf("contention %d: %v", how, outcome.Failure)
		}
	}
	if w := Bulk(7, 0, Options{}); len(w.Batch.Transactions) != 0 {
		t.Error("a bulk of none has transactions")
	}
}

// TestTreeBranches: each transaction shares an account with the one above it, and none with the other one below that.
func TestTreeBranches(t *testing.T) {
	const n = 31
	l := newLayout(batchNumbers{contention: Tree, width: 6, accounts: 2, slots: make([]slot, n)}, n+1)
	accounts := make([][]int, n)
	for i := range n {
		accounts[i] = l.choose(i, slot{}, 2)
	}
	common := func(i, j int) bool {
		return slices.ContainsFunc(accounts[i], func(a int) bool { return slices.Contains(accounts[j], a) })
	}
	for i := 1; i < n; i++ {
		if !common(i, (i-1)/2) {
			t.Errorf("%d has %v, and %d above it %v", i, accounts[i], (i-1)/2, accounts[(i-1)/2])
		}
		if i%2 == 0 && common(i-1, i) {
			t.Errorf("%d has %v, and %d beside it %v", i-1, accounts[i-1], i, accounts[i])
		}
	}
}

func TestPlainIsTransfersOnly(t *testing.T) {
	for seed, w := range cases(100, Options{Plain: true, MaxAccounts: 8}) {
		if slices.ContainsFunc(w.Batch.Transactions, func(tx batch.Transaction) bool {
			name := tx.Call.Intent.Name
			return name != batch.TransferName && name != "look" // when nobody has money
		}) {
			t.Fatalf("seed %d:\n%s", seed, textOf(w))
		}
	}
}
