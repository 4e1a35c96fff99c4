package generators

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestScaleIsMonotoneAndCoversItsRange(t *testing.T) {
	for _, limit := range []int{1, 2, 3, 7, 63, 64} {
		previous, seen := 0, map[int]bool{}
		for u := range uint64(64) {
			v := scale(u, 6, limit)
			if v < previous || v >= limit || (u == 0 && v != 0) {
				t.Fatalf("scale(%d, 6, %d) = %d after %d", u, limit, v, previous)
			}
			previous, seen[v] = v, true
		}
		if len(seen) != limit {
			t.Errorf("limit %d: %d values occur", limit, len(seen))
		}
	}
}

func TestPickKeepsItsWeights(t *testing.T) {
	const draws = 20000
	weights := []int{50, 0, 30, 15, 5}
	counts := make([]int, len(weights))
	s := newSeeded(1)
	for range draws {
		counts[pick(s, weights...)]++
	}
	for i, w := range weights {
		if want := draws * w / 100; counts[i] < want*8/10 || counts[i] > want*12/10 {
			t.Errorf("index %d of weight %d: %d of %d draws", i, w, counts[i], draws)
		}
	}
}

// A list's length is uniform in its range, but for the few that end early.
func TestLengthIsUniform(t *testing.T) {
	const draws = 8000
	l := length{3, 10}
	counts := make([]int, 12)
	s := newSeeded(2)
	for range draws {
		n := 0
		for l.more(s, n) {
			n++
		}
		counts[n]++
	}
	if early := counts[0] + counts[1] + counts[2]; early == 0 || early > draws/50 {
		t.Errorf("%d of %d lists end before the minimum; a few should", early, draws)
	}
	for n := 3; n <= 10; n++ {
		if counts[n] < draws/8*8/10 || counts[n] > draws/8*12/10 {
			t.Errorf("length %d: %d of %d draws", n, counts[n], draws)
		}
	}
}

// zeros is a source of zero bits only: what a shrinker strives for.
type zeros struct{}

func (zeros) bits(int) uint64          { return 0 }
func (z zeros) group(f func(s source)) { f(z) }

func TestZeroBitsGiveTheSimplestChoices(t *testing.T) {
	if chance(zeros{}, 99) || !chance(zeros{}, 100) || pick(zeros{}, 3, 4) != 0 || (length{5, 9}).more(zeros{}, 0) {
		t.Error("zero bits do not give the simplest choices")
	}
}

func TestLabelsAreASortedSet(t *testing.T) {
	var l Labels
	l.Add("b", "c")
	l.Add("a", "b")
	if !slices.Equal(l, Labels{"a", "b", "c"}) || !l.Has("c") || l.Has("d") {
		t.Errorf("labels: %v", l)
	}
}

// The two sources give the same meaning to their bits.
func TestShrinkableSourceIsUnbiased(t *testing.T) {
	const draws = 4000
	numbers := rapid.Custom(func(t *rapid.T) uint64 { return shrinkable{t}.bits(3) })
	counts := make([]int, 8)
	for seed := range draws {
		counts[numbers.Example(seed)]++
	}
	for v, n := range counts {
		if n < draws/8*8/10 || n > draws/8*12/10 {
			t.Errorf("value %d: %d of %d draws", v, n, draws)
		}
	}
}
