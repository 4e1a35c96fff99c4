package choice

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"synchrony/generators"
)

func TestScaleIsMonotoneAndCoversItsRange(t *testing.T) {
	for _, limit := range []int{1, 2, 3, 7, 63, 64} {
		previous, seen := 0, map[int]bool{}
		for u := range uint64(64) {
			v := Scale(u, 6, limit)
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
	s := Seeded(1)
	for range draws {
		counts[Pick(s, weights...)]++
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
	l := Length{3, 10}
	counts := make([]int, 12)
	s := Seeded(2)
	for range draws {
		n := 0
		for l.More(s, n) {
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

func (zeros) Bits(int) uint64          { return 0 }
func (z zeros) Group(f func(s Source)) { f(z) }

func TestZeroBitsGiveTheSimplestChoices(t *testing.T) {
	if Chance(zeros{}, 99) || !Chance(zeros{}, 100) || Pick(zeros{}, 3, 4) != 0 || (Length{5, 9}).More(zeros{}, 0) {
		t.Error("zero bits do not give the simplest choices")
	}
}

func TestLabelsAreASortedSet(t *testing.T) {
	var l generators.Labels
	l.Add("b", "c")
	l.Add("a", "b")
	if !slices.Equal(l, generators.Labels{"a", "b", "c"}) || !l.Has("c") || l.Has("d") {
		t.Errorf("labels: %v", l)
	}
}

// The two sources give the same meaning to their bits.
func TestShrinkableSourceIsUnbiased(t *testing.T) {
	const draws = 4000
	numbers := rapid.Custom(func(t *rapid.T) uint64 { return shrinkable{t}.Bits(3) })
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

// TestLikely: what fits is drawn if it comes soon enough, and something in any case.
func TestLikely(t *testing.T) {
	draws := 0
	counted := rapid.Custom(func(t *rapid.T) int {
		draws++
		return rapid.IntRange(draws, draws).Draw(t, "draw")
	})
	rapid.Check(t, func(t *rapid.T) {
		for fits, want := range map[int]int{1: 1, 3: 3, 5: 5, 6: 5} {
			draws = 0
			if got := Likely(counted, 5, func(n int) bool { return n == fits }).Draw(t, "likely"); got != want {
				t.Fatalf("%d where %d fits, want %d", got, fits, want)
			}
		}
	})
}
