package choice

import (
	"math/bits"
	"math/rand/v2"

	"pgregory.net/rapid"
)

// Source yields unbiased bits. Everything drawn from it is arranged so that
// zero bits mean the simplest case, because rapid shrinks towards them.
type Source interface {
	// Bits returns an integer of n unbiased bits, 0 ≤ n ≤ 64.
	Bits(n int) uint64
	// Group runs draw with a source whose bits belong together: a shrinker may
	// delete them as one.
	Group(draw func(Source))
}

// coin is rapid's one unbiased generator, and the only one that records a
// single one-bit block: two tries to shrink, where an integer takes hundreds.
var coin = rapid.Bool()

// shrinkable draws from rapid's choice sequence.
type shrinkable struct{ t *rapid.T }

// From returns a source that draws from rapid's choice sequence.
func From(t *rapid.T) Source { return shrinkable{t} }

func (s shrinkable) Bits(n int) uint64 {
	var u uint64
	for range n {
		u <<= 1
		if coin.Draw(s.t, "") {
			u |= 1
		}
	}
	return u
}

func (s shrinkable) Group(draw func(Source)) {
	rapid.Custom(func(t *rapid.T) struct{} {
		draw(shrinkable{t})
		return struct{}{}
	}).Draw(s.t, "")
}

// seeded draws from a generator with a seed: for cases too large to shrink
// element by element.
type seeded struct{ pcg *rand.PCG }

// Seeded returns a source that draws from a generator with this seed.
func Seeded(seed uint64) Source { return seeded{rand.NewPCG(seed, 0x9e3779b97f4a7c15)} }

func (s seeded) Bits(n int) uint64       { return s.pcg.Uint64() >> (64 - uint(n)) }
func (s seeded) Group(draw func(Source)) { draw(s) }

// Scale maps an n-bit integer onto 0 … limit-1, monotonically and with 0 to 0.
// It is uniform up to one part in 2ⁿ/limit. limit is below 2³¹.
func Scale(u uint64, n, limit int) int { return int(u * uint64(limit) >> uint(n)) }

// Below draws an integer in 0 … limit-1, nearly uniformly.
func Below(s Source, limit int) int {
	n := bits.Len(uint(limit-1)) + 2
	return Scale(s.Bits(n), n, limit)
}

// Pick draws an index of weights with a probability in proportion to its
// weight. Zero bits give the first index of a positive weight.
func Pick(s Source, weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	return Locate(Below(s, total), weights)
}

// Locate returns the index of weights that the point u of 0 … sum-1 falls in.
func Locate(u int, weights []int) int {
	for i, w := range weights {
		if u < w {
			return i
		}
		u -= w
	}
	return len(weights) - 1
}

// Chance is true in percent of 100 draws, and false for zero bits unless
// percent is 100.
func Chance(s Source, percent int) bool {
	return percent > 0 && Below(s, 100) >= 100-percent
}

// Length is a range for the number of items of a list. The list is drawn item by
// item, each preceded by the question whether there is one, in one group with
// it: so a shrinker deletes any item by deleting its group. (A count drawn
// beforehand would have to be lowered in the same step.) The probability of
// another item is the distribution's hazard, which makes the number of items
// uniform in min … max. To let lists shrink, min is soft: each earlier item is
// missing with probability 1/256.
type Length struct{ Min, Max int }

// Band is a band of lengths, and how often it is drawn, in parts of the sum of all.
type Band struct {
	Length
	Weight int
}

// Banded draws a band: none, one, a few … so that short and long lists both occur, which a
// uniform or a geometric length would not give. Bands are cut at most, and those beyond it
// left out; if large is more than most, lists that are nearly that long are drawn with
// largeWeight.
func Banded(s Source, bands []Band, most, large, largeWeight int) Length {
	var lengths []Length
	var weights []int
	for _, b := range bands {
		if b.Min > most {
			break
		}
		lengths = append(lengths, Length{Min: b.Min, Max: min(b.Max, most)})
		weights = append(weights, b.Weight)
	}
	if large > most {
		lengths = append(lengths, Length{Min: (most + large) / 2, Max: large})
		weights = append(weights, largeWeight)
	}
	return lengths[Pick(s, weights...)]
}

// More asks whether a list of i items gets another one.
func (l Length) More(s Source, i int) bool {
	u := s.Bits(8)
	stop := 1
	if i >= l.Min {
		stop = max(1, 256/(max(l.Max-i, 0)+1))
	}
	return u >= uint64(stop)
}

// Likely draws what fits, if up to so many draws have something that does; else the last of these, whatever it is.
func Likely[W any](g *rapid.Generator[W], tries int, fits func(W) bool) *rapid.Generator[W] {
	return rapid.Custom(func(t *rapid.T) (w W) {
		for range tries {
			if w = g.Draw(t, "workload"); fits(w) {
				break
			}
		}
		return w
	})
}
