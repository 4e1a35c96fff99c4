package smt

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"synchrony/models/batch"
	"synchrony/models/trace"
)

func parse(t testing.TB, src string) *batch.Batch {
	t.Helper()
	b, err := batch.Parse("test.ae", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// patient is for questions that are to be decided however busy the machine is.
var patient = Limits{Time: time.Hour}

// withoutZ3 reports whether this is a build without Z3, which then must say that it does
// not know.
func withoutZ3(t *testing.T, r Result) bool {
	t.Helper()
	if Available {
		return false
	}
	if r.Status.String() != "unknown" || r.Reason == "" {
		t.Errorf("a build without Z3 says %v: %s", r.Status, r.Reason)
	}
	return true
}

// fullPlan orders every conflict, and the after clauses.
func fullPlan(b *batch.Batch) []trace.Dependency {
	var plan []trace.Dependency
	for _, c := range batch.Conflicts(b) {
		plan = append(plan, trace.Dependency{From: int32(c.From), To: int32(c.To)})
	}
	index := map[string]int32{}
	for i, t := range b.Transactions {
		index[t.ID] = int32(i)
	}
	for i, t := range b.Transactions {
		for _, id := range t.After {
			plan = append(plan, trace.Dependency{From: index[id], To: int32(i), Kinds: trace.After})
		}
	}
	return plan
}

// reduced is the plan without the edges that others imply.
func reduced(n int, plan []trace.Dependency) []trace.Dependency {
	var kept []trace.Dependency
	for k, d := range plan {
		g, _ := planGraph(n, append(append([]trace.Dependency(nil), plan[:k]...), plan[k+1:]...))
		r := newReach(g)
		if r.from(d.From); !r.has(d.To) {
			kept = append(kept, d)
		}
	}
	return kept
}

// neighbourPlan orders the conflicts between neighbours on each account.
func neighbourPlan(b *batch.Batch) []trace.Dependency {
	order := make([]int32, len(b.Transactions))
	for i := range order {
		order[i] = int32(i)
	}
	var plan []trace.Dependency
	for _, list := range footprints(b, order) {
		neighbours(list, func(from, to int32) { plan = append(plan, trace.Dependency{From: from, To: to}) })
	}
	return plan
}

// transfers is a batch of n transfers among accounts.
func transfers(rng *rand.Rand, n, accounts int) *batch.Batch {
	b := batch.NewBuilder()
	for a := range accounts {
		b.Account(fmt.Sprintf("a%d", a), 1000)
	}
	for i := range n {
		from := rng.IntN(accounts)
		to := (from + 1 + rng.IntN(accounts-1)) % accounts
		b.Transfer(fmt.Sprintf("transfer%d", i), batch.AccountID(from), batch.AccountID(to), int64(1+rng.IntN(10)))
	}
	r, err := b.Build()
	if err != nil {
		panic(err)
	}
	return r
}
