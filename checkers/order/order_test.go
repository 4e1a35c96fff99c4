package order

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/internal/simulate"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// TestDependenciesAreTheConflicts compares the transitive closure of the
// predecessors that analyze finds with that of all conflicting pairs and after
// clauses, on random batches of Go-form transactions with any sets.
func TestDependenciesAreTheConflicts(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		b := randomSets(rng)
		d := analyze(b)
		n := len(b.Transactions)
		var want [][2]int32
		for _, c := range batch.Conflicts(b) {
			want = append(want, [2]int32{int32(c.From), int32(c.To)})
		}
		var got [][2]int32
		for j := range n {
			for _, id := range b.Transactions[j].After {
				want = append(want, [2]int32{int32(slices.IndexFunc(b.Transactions, func(t batch.Transaction) bool { return t.ID == id })), int32(j)})
			}
			for _, p := range d.preds.of(j) {
				got = append(got, [2]int32{p.from, int32(j)})
			}
		}
		if x, y := closure(n, got), closure(n, want); !slices.Equal(x, y) {
			t.Fatalf("seed %d: closures differ", seed)
		}
		if cyclic := batch.RunSerially(b).Cycle != nil; cyclic != d.cyclic() {
			t.Fatalf("seed %d: cyclic %v, want %v", seed, d.cyclic(), cyclic)
		}
	}
}

func randomSets(rng *rand.Rand) *batch.Batch {
	b := &batch.Batch{}
	for a := range 1 + rng.IntN(4) {
		b.Accounts = append(b.Accounts, batch.Account{Name: string(rune('a' + a))})
	}
	set := func() []batch.AccountID {
		var s []batch.AccountID
		for a := range b.Accounts {
			if rng.IntN(3) == 0 {
				s = append(s, batch.AccountID(a))
			}
		}
		return s
	}
	n := rng.IntN(9)
	for i := range n {
		t := batch.Transaction{ID: string(rune('A' + i)), Reads: set(), Writes: set(), Apply: func(batch.View) error { return nil }}
		if rng.IntN(6) == 0 {
			if id := string(rune('A' + rng.IntN(n))); id != t.ID {
				t.After = append(t.After, id)
			}
		}
		b.Transactions = append(b.Transactions, t)
	}
	return b
}

// closure is the transitive closure of edges as a matrix.
func closure(n int, edges [][2]int32) []bool {
	m := make([]bool, n*n)
	for _, e := range edges {
		m[int(e[0])*n+int(e[1])] = true
	}
	for k := range n {
		for i := range n {
			for j := range n {
				m[i*n+j] = m[i*n+j] || m[i*n+k] && m[k*n+j]
			}
		}
	}
	return m
}

// spoilers each break a right observation in a way that one checker must see;
// they report whether they could.
var spoilers = []struct {
	name    string
	checker checkers.OfBatch
	rule    string
	spoil   func(*rand.Rand, *batch.Workload, *trace.Observation) bool
}{
	{"drop an edge", Plan(), "missing dependency", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		// The last edge into a transaction that has no other cannot be implied.
		count := map[int32]int{}
		for _, e := range o.Edges {
			count[e.To]++
		}
		i := slices.IndexFunc(o.Edges, func(e trace.Dependency) bool { return count[e.To] == 1 })
		if i >= 0 {
			o.Edges = slices.Delete(slices.Clone(o.Edges), i, i+1)
		}
		return i >= 0
	}},
	{"drop a conflict", Report(), "missing conflict", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		if len(o.Conflicts) == 0 {
			return false
		}
		i := rng.IntN(len(o.Conflicts))
		o.Conflicts = slices.Delete(slices.Clone(o.Conflicts), i, i+1)
		return true
	}},
	{"drop a conflict", Observed(), "missing conflict", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		if len(o.Conflicts) == 0 {
			return false
		}
		i := rng.IntN(len(o.Conflicts))
		o.Conflicts = slices.Delete(slices.Clone(o.Conflicts), i, i+1)
		return true
	}},
	{"drop a kind", Report(), "incomplete conflict", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		i := slices.IndexFunc(o.Conflicts, func(d trace.Dependency) bool { return d.Kinds == trace.RAW|trace.WAR|trace.WAW })
		if i >= 0 {
			o.Conflicts = slices.Clone(o.Conflicts)
			o.Conflicts[i].Kinds &^= 1 << rng.IntN(3)
		}
		return i >= 0
	}},
	{"turn an edge around", Plan(), "edge without reason", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		if len(o.Edges) == 0 {
			return false
		}
		o.Edges = slices.Clone(o.Edges)
		e := &o.Edges[rng.IntN(len(o.Edges))]
		e.From, e.To = e.To, e.From
		return true
	}},
	{"move up a group", Groups(), "", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		if len(o.Groups) < 2 {
			return false
		}
		g := slices.Clone(o.Groups)
		last := g[len(g)-1]
		g[len(g)-2] = append(slices.Clone(g[len(g)-2]), last[0])
		g[len(g)-1] = last[1:]
		o.Groups = g
		return true
	}},
	{"start early", Execution(), "started before its predecessor", func(rng *rand.Rand, _ *batch.Workload, o *trace.Observation) bool {
		if len(o.Edges) == 0 {
			return false
		}
		// Move the successor's START just before its predecessor's COMMIT, at its time.
		e := o.Edges[rng.IntN(len(o.Edges))]
		events := slices.Clone(o.Events)
		s := slices.IndexFunc(events, func(x trace.Event) bool { return x.Kind == trace.Start && x.Tx == e.To })
		start := events[s]
		events = slices.Delete(events, s, s+1)
		c := slices.IndexFunc(events, func(x trace.Event) bool { return x.Kind == trace.Commit && x.Tx == e.From })
		start.Time = events[c].Time
		for i := c; i < len(events); i++ {
			events[i].Time++
		}
		o.Events = slices.Insert(events, c, start)
		return true
	}},
}

func TestSpoiledRunsAreCaught(t *testing.T) {
	for _, s := range spoilers {
		t.Run(s.name+"/"+s.checker.Name(), func(t *testing.T) {
			caught := 0
			for seed := range uint64(60) {
				rng := rand.New(rand.NewPCG(seed, 3))
				w, o := simulate.Run(rng, simulate.Options{
					Transactions: 1 + rng.IntN(30), Accounts: 2 + rng.IntN(10), Workers: 1 + rng.IntN(4), Readers: rng.IntN(60),
				})
				if !s.spoil(rng, &w, &o) {
					continue
				}
				v := s.checker.Check(w, o)
				if v.Status != checkers.Fail || s.rule != "" && v.Rule != s.rule {
					t.Fatalf("seed %d: %v %s: %s\n%s", seed, v.Status, v.Rule, v.Reason, trace.Format(o, w.Batch))
				}
				caught++
			}
			if caught < 20 {
				t.Errorf("only %d runs could be spoiled", caught)
			}
		})
	}
}

// TestReducedPlansPass replaces each plan by its transitive reduction.
func TestReducedPlansPass(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 4))
		w, o := simulate.Run(rng, simulate.Options{Transactions: 25, Accounts: 5, Workers: 2, Readers: 40})
		n := len(w.Batch.Transactions)
		var edges [][2]int32
		for _, e := range o.Edges {
			edges = append(edges, [2]int32{e.From, e.To})
		}
		reach := closure(n, edges)
		o.Edges = slices.DeleteFunc(slices.Clone(o.Edges), func(e trace.Dependency) bool {
			for k := range n {
				if reach[int(e.From)*n+k] && reach[k*n+int(e.To)] {
					return true
				}
			}
			return false
		})
		if v := Plan().Check(w, o); v.Status != checkers.Pass {
			t.Fatalf("seed %d: %s: %s", seed, v.Rule, v.Reason)
		}
	}
}

// TestMalformedBatchesAreUnknown gives batches that no parser or builder makes.
func TestMalformedBatchesAreUnknown(t *testing.T) {
	for name, tx := range map[string]batch.Transaction{
		"unknown account":     {ID: "t", Reads: []batch.AccountID{3}},
		"negative account":    {ID: "t", Writes: []batch.AccountID{-1}},
		"unsorted set":        {ID: "t", Reads: []batch.AccountID{1, 0}},
		"unknown predecessor": {ID: "t", After: []string{"nobody"}},
	} {
		tx.Apply = func(batch.View) error { return nil }
		w := batch.Workload{Batch: &batch.Batch{Accounts: []batch.Account{{Name: "a"}, {Name: "b"}}, Transactions: []batch.Transaction{tx}}}
		o := trace.Observation{Outcome: history.Committed, Initial: make([]int64, 2), Final: make([]int64, 2)}
		for _, c := range []checkers.OfBatch{Plan(), Acyclic(), Groups(), Report(), Execution(), Observed()} {
			if v := c.Check(w, o); v.Status != checkers.Unknown || !strings.HasPrefix(v.Reason, "malformed") {
				t.Errorf("%s: %s: %v %s", name, c.Name(), v.Status, v.Reason)
			}
		}
	}
}

// TestLongChain holds the checkers to neither recurse deeply nor slow down.
func TestLongChain(t *testing.T) {
	w, o := chain(200_000)
	for _, c := range []checkers.OfBatch{Plan(), Acyclic(), Groups(), Execution()} {
		if v := c.Check(w, o); v.Status != checkers.Pass {
			t.Errorf("%s: %s: %s", c.Name(), v.Rule, v.Reason)
		}
	}
	o.Edges = o.Edges[1:]
	if v := Plan().Check(w, o); v.Rule != "missing dependency" {
		t.Errorf("a broken chain: %+v", v)
	}
}

// chain is n writers of one account, one after another.
func chain(n int) (batch.Workload, trace.Observation) {
	b := &batch.Batch{Accounts: []batch.Account{{Name: "a"}}}
	o := trace.Observation{Outcome: history.Committed, Initial: []int64{0}, Final: []int64{0}}
	a := []batch.AccountID{0}
	for i := range int32(n) {
		b.Transactions = append(b.Transactions, batch.Transaction{ID: fmt.Sprint("t", i), Writes: a, Apply: func(batch.View) error { return nil }})
		if i > 0 {
			o.Edges = append(o.Edges, trace.Dependency{From: i - 1, To: i, Kinds: trace.WAW, Accounts: a})
		}
		o.Groups = append(o.Groups, []int32{i})
		o.Events = append(o.Events, trace.Event{Kind: trace.Start, Tx: i},
			trace.Event{Kind: trace.Write, Tx: i, Version: i - 1}, trace.Event{Kind: trace.Commit, Tx: i})
	}
	for i := range o.Events {
		o.Events[i].Time = 1
	}
	return batch.Workload{Batch: b}, o
}
