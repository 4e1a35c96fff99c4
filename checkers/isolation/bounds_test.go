package isolation

import (
	"testing"

	"synchrony/checkers"
	"synchrony/models/history"
)

// chained is n transactions under way at the same time: each reads what the one before wrote to a register, and writes over it; with
// circle, the first reads what the last wrote.
func chained(n int, circle bool) *history.Transactions {
	h := &history.Transactions{Keys: []string{"x"}, Values: []history.Value{{}}}
	for i := range int32(n) {
		h.Values = append(h.Values, history.NumberOf(int64(i+1)))
		before := i
		if circle && i == 0 {
			before = int32(n)
		}
		h.Ops = append(h.Ops, history.Op{Value: before}, history.Op{Value: i + 1, Write: true})
		h.List = append(h.List, history.Transaction{Process: i, Line: i + 1, Outcome: history.Committed, First: 2 * i, End: 2*i + 2, Invoked: ns(1), Returned: ns(2)})
	}
	return h
}

// TestPermutationsAreBounded: neither orders that do not exist nor one order of very many versions are looked for without end.
func TestPermutationsAreBounded(t *testing.T) {
	versions := make([]int32, 2000)
	chain := map[step]bool{}
	for i := range versions {
		versions[i] = int32(i)
		chain[step{int32(i), int32(i + 1)}] = true
	}
	for name, c := range map[string]struct {
		before map[step]bool
		n      int
	}{
		"in one order":    {chain, len(versions)},
		"free":            {nil, len(versions)},
		"two in a circle": {map[step]bool{{1, 2}: true, {2, 1}: true}, 40},
	} {
		p := permuter{before: c.before, most: maxArrangements, left: maxPermuting / 10}
		if p.extend(nil, versions[:c.n]) {
			t.Errorf("%s: %d orders of %d versions", name, len(p.all), c.n)
		}
	}
	p := permuter{before: chain, most: maxArrangements, left: maxPermuting}
	if !p.extend(nil, versions[:100]) || len(p.all) != 1 {
		t.Errorf("%d orders of a chain", len(p.all))
	}
}

// TestManyAtOnce: many transactions under way at once, on one register, are judged in bounded time, and rightly.
func TestManyAtOnce(t *testing.T) {
	const n = 800
	for _, circle := range []bool{false, true} {
		r, err := Judge(chained(n, circle), StrictSerializable)
		want := checkers.Pass
		if circle {
			want = checkers.Fail
		}
		if err != nil || r.Status != want {
			t.Errorf("circle %v: %v %s, %v", circle, r.Status, r.Reason, err)
		}
	}
}
