package batchtest

import (
	"slices"
	"testing"

	"synchrony/generators/choice"
)

// TestSizesAreUniform: of blocks of up to 40 transactions, every quarter of the sizes has its share, and the largest occurs.
func TestSizesAreUniform(t *testing.T) {
	const draws = 4000
	var counts [41]int
	for seed := range uint64(draws) {
		b := draw(choice.Seeded(seed), everything(t))
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
	b := draw(zeros{}, everything(t))
	if b.Len() != 0 || b.workers != 2 {
		t.Errorf("drawn:\n%s", b.String())
	}
}

type zeros struct{}

func (zeros) Bits(int) uint64               { return 0 }
func (z zeros) Group(f func(choice.Source)) { f(z) }

// TestDeclaredKeys: a transaction reads and writes only what it declares, and estimates are wrong in some.
func TestDeclaredKeys(t *testing.T) {
	wrong := 0
	for seed := range uint64(500) {
		c := everything(t)
		b := draw(choice.Seeded(seed), c)
		s := execute(&b, Isolate, skew{})
		guessed := b.transactions(c, nil)
		c.declared, c.estimates = true, false
		for i, tx := range b.transactions(c, nil) {
			reads, writes := tx.Keys()
			for _, a := range s.read[i] {
				if !slices.Contains(reads, a.key) {
					t.Fatalf("%s reads %s, and declares %v:\n%s", tx.Name(), a.key, reads, b.String())
				}
			}
			for _, k := range s.wrote[i] {
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
