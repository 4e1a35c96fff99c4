package batchtest

import (
	"slices"
	"testing"

	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
)

// everything is everything that options can ask for.
func everything(t *testing.T, more ...Option) *config {
	t.Helper()
	c, err := newConfig(append([]Option{MaxTxs(40), Failures(Isolate), Panics(), Ranges(), Stores(3), Estimates()}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDeclaredKeys: a transaction reads and writes only what it declares, and estimates are wrong in some.
func TestDeclaredKeys(t *testing.T) {
	wrong := 0
	for seed := range uint64(500) {
		c := everything(t)
		b := blocks.Draw(choice.Seeded(seed), c.profile())
		s := block.Execute(&b, Isolate, block.Departure{})
		guessed := transactions(&b, c, nil)
		c.declared, c.estimates = true, false
		for i, tx := range transactions(&b, c, nil) {
			reads, writes := tx.Keys()
			for _, a := range s.Read[i] {
				if !slices.Contains(reads, a.Key) {
					t.Fatalf("%s reads %s, and declares %v:\n%s", tx.Name(), a.Key, reads, b.String())
				}
			}
			for _, k := range s.Wrote[i] {
				if !slices.Contains(writes, k) {
					t.Fatalf("%s writes %s, and declares %v:\n%s", tx.Name(), k, writes, b.String())
				}
			}
			if r, w := guessed[i].Keys(); !slices.Equal(r, reads) || !slices.Equal(w, writes) {
				wrong++
			}
		}
	}
	if wrong == 0 {
		t.Error("no estimate is wrong")
	}
}

// TestSimpleIsReducedSimply: a simple block is made smaller without a key that is not there at first, or another operation.
func TestSimpleIsReducedSimply(t *testing.T) {
	c, err := newConfig([]Option{Simple(), Failures(Isolate)})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(100) {
		b := blocks.Draw(choice.Seeded(seed), c.profile())
		c.reduce(b, func(b Block) bool {
			for i := range b.Transactions {
				for _, o := range b.Transactions[i].Operations {
					if !slices.Contains([]block.Kind{block.Read, block.Write, block.Add, block.Transfer}, o.Kind) {
						t.Fatalf("%s is not simple", o.String())
					}
				}
			}
			if len(b.Initial) != len(b.Keys()) {
				t.Fatalf("not all keys are there at first:\n%s", b.String())
			}
			return b.Len() > 1
		})
	}
}
