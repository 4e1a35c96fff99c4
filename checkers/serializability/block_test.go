package serializability

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/models/block"
)

// from names a writer.
func from(name string) *string { return &name }

// TestJudgeBlock: what can be wrong with a block has its name, and a right one passes.
func TestJudgeBlock(t *testing.T) {
	initial := map[string]int64{"x": 1, "y": 1}
	type effects []block.Effect
	for name, c := range map[string]struct {
		txs   effects
		order []string
		free  bool
		final map[string]int64
		rule  string
		cycle int
	}{
		"right": {
			effects{{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 2}}}},
			nil, false, map[string]int64{"x": 2, "y": 1}, "", 0,
		},
		"lost update": {
			effects{{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 3}}}},
			nil, false, map[string]int64{"x": 3, "y": 1}, "G-single", 2,
		},
		"write skew": {
			effects{
				{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}, {Key: "y", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 0}}},
				{Name: "b", Reads: []block.Seen{{Key: "x", Value: 1}, {Key: "y", Value: 1}}, Writes: []block.Change{{Key: "y", Value: 0}}},
			}, nil, false, map[string]int64{"x": 0, "y": 0}, "G2-item", 2,
		},
		"aborted read": {
			effects{{Name: "a", Aborted: true, Writes: []block.Change{{Key: "x", Value: 9}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 9, From: from("a")}}}},
			nil, false, initial, "G1a", 0,
		},
		"an order that is not that of the commits": {
			effects{{Name: "a", Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 1, From: from("")}}}},
			[]string{"a", "b"}, false, map[string]int64{"x": 2, "y": 1}, OutOfOrder, 0,
		},
		"which will do": {
			effects{{Name: "a", Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 1, From: from("")}}}},
			nil, true, map[string]int64{"x": 2, "y": 1}, "", 0,
		},
		"lost write": {
			effects{{Name: "a", Writes: []block.Change{{Key: "x", Value: 2}}}}, nil, false, initial, WrongFinal, 0,
		},
		"of a value that nobody wrote": {
			effects{{Name: "a", Reads: []block.Seen{{Key: "x", Value: 7}}}}, nil, false, initial, WrongValue, 0,
		},
	} {
		r := JudgeBlock(&block.Record{Initial: initial, Transactions: c.txs, Order: c.order, Free: c.free, Final: c.final})
		want := checkers.Fail
		if c.rule == "" {
			want = checkers.Pass
		}
		if r.Status != want || r.Rule != c.rule || len(r.Cycle) != c.cycle || want == checkers.Fail && r.Reason == "" {
			t.Errorf("%s: %v %q with a cycle of %d: %s", name, r.Status, r.Rule, len(r.Cycle), r.Reason)
		}
	}
}

// TestMalformedBlocks: what no execution can have recorded is no verdict.
func TestMalformedBlocks(t *testing.T) {
	for name, r := range map[string]block.Record{
		"no name":             {Transactions: []block.Effect{{}}},
		"two of a name":       {Transactions: []block.Effect{{Name: "a"}, {Name: "a"}}},
		"unknown in order":    {Transactions: []block.Effect{{Name: "a"}}, Order: []string{"b"}},
		"twice in order":      {Transactions: []block.Effect{{Name: "a"}, {Name: "b"}}, Order: []string{"a", "a"}},
		"not in order":        {Transactions: []block.Effect{{Name: "a"}, {Name: "b"}}, Order: []string{"a"}},
		"aborted in order":    {Transactions: []block.Effect{{Name: "a", Aborted: true}}, Order: []string{"a"}},
		"written twice":       {Transactions: []block.Effect{{Name: "a", Writes: []block.Change{{Key: "x"}, {Key: "x"}}}}},
		"of nobody's writing": {Transactions: []block.Effect{{Name: "a", Reads: []block.Seen{{Key: "x", From: from("b")}}}}},
		"of its own":          {Transactions: []block.Effect{{Name: "a", Reads: []block.Seen{{Key: "x", From: from("a")}}, Writes: []block.Change{{Key: "x"}}}}},
	} {
		if v := JudgeBlock(&r); v.Status != checkers.Unknown || v.Reason == "" {
			t.Errorf("%s: %v: %s", name, v.Status, v.Reason)
		}
	}
}

// TestSerialBlocksPass: what the specification does passes in its own order, and fails if the final state is spoiled.
func TestSerialBlocksPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBlock(t)
		order := make([]int, len(b.Transactions))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		result := b.Serial(order)
		for _, i := range order {
			if !slices.Contains(result.Failed, b.Transactions[i].Name) {
				result.Order = append(result.Order, b.Transactions[i].Name)
			}
		}
		rec, err := b.Recorded(&result)
		if err != nil {
			t.Fatal(err)
		}
		if v := JudgeBlock(rec); v.Status != checkers.Pass {
			t.Fatalf("%v: %s: %s\n%v", v.Status, v.Rule, v.Reason, &b)
		}
		rec.Final["k0"]++
		if v := JudgeBlock(rec); v.Status != checkers.Fail || v.Rule != WrongFinal {
			t.Fatalf("spoiled: %v: %s", v.Status, v.Rule)
		}
	})
}

// drawBlock draws any block of a few keys.
func drawBlock(t *rapid.T) block.Block {
	key := rapid.SampledFrom([]string{"k0", "k1", "k2"})
	b := block.Block{Workers: 1, Initial: map[string]int64{"k0": 10, "k1": 5}}
	for i := range rapid.IntRange(0, 6).Draw(t, "transactions") {
		tx := block.Transaction{Name: string(rune('a' + i))}
		for range rapid.IntRange(0, 3).Draw(t, "operations") {
			o := block.Operation{Op: rapid.SampledFrom([]string{block.Read, block.Write, block.Add, block.Transfer}).Draw(t, "op"), Key: key.Draw(t, "key")}
			if o.Op != block.Read {
				o.Amount = int64(rapid.IntRange(0, 9).Draw(t, "amount"))
			}
			if o.Op == block.Transfer {
				o.To = key.Filter(func(k string) bool { return k != o.Key }).Draw(t, "to")
			}
			tx.Operations = append(tx.Operations, o)
		}
		b.Transactions = append(b.Transactions, tx)
	}
	return b
}
