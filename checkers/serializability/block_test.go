package serializability

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/models/block"
)

// from names a writer.
func from(name string) *string { return &name }

// TestJudgeBlock: what can be wrong with a block has its name, and a right one passes.
func TestJudgeBlock(t *testing.T) {
	initial := block.State{"x": 1, "y": 1}
	type effects []block.Effect
	for name, c := range map[string]struct {
		txs   effects
		order []string
		free  bool
		final block.State
		rule  string
		cycle int
	}{
		"right": {
			effects{{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 2}}}},
			nil, false, block.State{"x": 2, "y": 1}, "", 0,
		},
		"lost update": {
			effects{{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 3}}}},
			nil, false, block.State{"x": 3, "y": 1}, "G-single", 2,
		},
		"write skew": {
			effects{
				{Name: "a", Reads: []block.Seen{{Key: "x", Value: 1}, {Key: "y", Value: 1}}, Writes: []block.Change{{Key: "x", Value: 0}}},
				{Name: "b", Reads: []block.Seen{{Key: "x", Value: 1}, {Key: "y", Value: 1}}, Writes: []block.Change{{Key: "y", Value: 0}}},
			}, nil, false, block.State{"x": 0, "y": 0}, "G2-item", 2,
		},
		"aborted read": {
			effects{{Name: "a", Aborted: true, Writes: []block.Change{{Key: "x", Value: 9}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 9, From: from("a")}}}},
			nil, false, initial, "G1a", 0,
		},
		"an order that is not that of the commits": {
			effects{{Name: "a", Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 1, From: from("")}}}},
			[]string{"a", "b"}, false, block.State{"x": 2, "y": 1}, OutOfOrder, 0,
		},
		"which will do": {
			effects{{Name: "a", Writes: []block.Change{{Key: "x", Value: 2}}}, {Name: "b", Reads: []block.Seen{{Key: "x", Value: 1, From: from("")}}}},
			nil, true, block.State{"x": 2, "y": 1}, "", 0,
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
		b, err := block.Parse(rapid.Custom(drawText).Draw(t, "block"))
		if err != nil {
			t.Fatal(err)
		}
		order := make([]int, b.Len())
		for i := range order {
			order[i] = i
		}
		rec := recorded(block.Execute(&b, block.Isolate, block.Departure{Order: rapid.Permutation(order).Draw(t, "order")}))
		if v := JudgeBlock(rec); v.Status != checkers.Pass {
			t.Fatalf("%v: %s: %s\n%s", v.Status, v.Rule, v.Reason, b.String())
		}
		rec.Final["a"]++
		if v := JudgeBlock(rec); v.Status != checkers.Fail || v.Rule != WrongFinal {
			t.Fatalf("spoiled: %v: %s", v.Status, v.Rule)
		}
	})
}

// drawText draws the text of a block of a few keys.
func drawText(t *rapid.T) string {
	text := "workers 1\na = 10\nb = 5\n"
	operations := rapid.SliceOfN(rapid.SampledFrom([]string{"read a", "write a 7", "add b 1", "transfer a b 6", "transfer b c 6", "copy c a", "delete b", "mix c 3"}), 0, 3)
	for i := range rapid.IntRange(0, 6).Draw(t, "transactions") {
		text += fmt.Sprintf("t%d: %s\n", i, strings.Join(operations.Draw(t, "operations"), "; "))
	}
	return text
}

// recorded is a serial execution as somebody would have recorded it.
func recorded(s *block.Serial) *block.Record {
	rec := &block.Record{Initial: s.Block.Initial, Final: s.State}
	for _, tx := range s.Ran {
		e := block.Effect{Name: s.Block.Name(tx), Aborted: s.Errors[tx] != nil}
		for _, a := range s.Read[tx] {
			name := ""
			if a.Writer >= 0 {
				name = s.Block.Name(a.Writer)
			}
			e.Reads = append(e.Reads, block.Seen{Key: a.Key, Value: a.Value, From: from(name)})
		}
		for _, k := range s.Wrote[tx] {
			i := slices.IndexFunc(s.Versions[k], func(v block.Version) bool { return v.Writer == tx })
			e.Writes = append(e.Writes, block.Change{Key: k, Value: s.Versions[k][i].Value})
		}
		if rec.Transactions = append(rec.Transactions, e); !e.Aborted {
			rec.Order = append(rec.Order, e.Name)
		}
	}
	return rec
}
