package blocks

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"synchrony/generators/choice"
	"synchrony/models/block"
)

// everything is everything that can be drawn.
func everything() *Profile {
	return &Profile{MaxTransactions: 40, Workers: choice.Length{Min: 2, Max: 4}, Stores: 3, Ranges: true, Failures: true, Panics: true, Guesses: true}
}

// TestSimple: a simple block has nothing but what a few lines in any language do, and transactions meet in most.
func TestSimple(t *testing.T) {
	p := &Profile{MaxTransactions: 8, Workers: choice.Length{Min: 2, Max: 4}, Stores: 1, Failures: true, Simple: true}
	failing, meeting := 0, 0
	for seed := range uint64(500) {
		b := Draw(choice.Seeded(seed), p)
		if err := b.Validate(); err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		for _, k := range b.Keys() {
			if _, there := b.Initial[k]; !there {
				t.Fatalf("%s is not there at first:\n%s", k, b.String())
			}
		}
		for i := range b.Transactions {
			for _, o := range b.Transactions[i].Operations {
				if !slices.Contains([]block.Kind{block.Read, block.Write, block.Add, block.Transfer}, o.Kind) {
					t.Fatalf("%s is not simple:\n%s", o.String(), b.String())
				}
			}
		}
		s := block.Execute(&b, block.Isolate, block.Departure{})
		if s.FirstFailure() >= 0 {
			failing++
		}
		if slices.ContainsFunc(s.Ran, func(tx int) bool {
			return slices.ContainsFunc(s.Read[tx], func(a block.Access) bool { return a.Writer >= 0 })
		}) {
			meeting++
		}
	}
	if failing < 50 || meeting < 300 {
		t.Errorf("of 500, %d have a transaction that fails, and %d one that reads what another wrote", failing, meeting)
	}
}

// TestSizesAreUniform: of blocks of up to 40 transactions, every quarter of the sizes has its share, and the largest occurs.
func TestSizesAreUniform(t *testing.T) {
	const draws = 4000
	var counts [41]int
	for seed := range uint64(draws) {
		b := Draw(choice.Seeded(seed), everything())
		counts[b.Len()]++
	}
	for from := 1; from <= 31; from += 10 {
		n := 0
		for _, c := range counts[from : from+10] {
			n += c
		}
		if n < draws/4*8/10 || n > draws/4*12/10 {
			t.Errorf("%d to %d transactions: %d of %d draws", from, from+9, n, draws)
		}
	}
	if counts[40] < draws/100 {
		t.Errorf("40 transactions: %d of %d draws", counts[40], draws)
	}
}

// TestZeroBitsDrawTheSmallest: that is what a shrinker strives for.
func TestZeroBitsDrawTheSmallest(t *testing.T) {
	b := Draw(zeros{}, everything())
	if b.Len() != 0 || b.Workers != 2 {
		t.Errorf("drawn:\n%s", b.String())
	}
}

type zeros struct{}

func (zeros) Bits(int) uint64               { return 0 }
func (z zeros) Group(f func(choice.Source)) { f(z) }

// TestForms: what is drawn is a block, and comes back the same from its text and from its JSON.
func TestForms(t *testing.T) {
	for seed := range uint64(500) {
		b := Draw(choice.Seeded(seed), everything())
		if err := b.Validate(); err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		back, err := block.Parse(b.String())
		if err != nil || back.String() != b.String() {
			t.Fatalf("%v; parsed:\n%s\ndrawn:\n%s", err, back.String(), b.String())
		}
		document, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var other block.Block
		if err := json.Unmarshal(document, &other); err != nil || !reflect.DeepEqual(other, b) {
			t.Fatalf("%v; read:\n%s\ndrawn:\n%s\n%s", err, other.String(), b.String(), document)
		}
	}
}
