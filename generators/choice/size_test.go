package choice

import (
	"slices"
	"testing"
)

func TestSizesAreAroundBounds(t *testing.T) {
	s := Around([]int64{100, 5000, 1 << 40, 0}, 300)
	for _, n := range []int{1, 2, 3, 99, 100, 101, 200, 255, 256, 257} {
		if !slices.Contains(s, n) {
			t.Errorf("%d is not drawn", n)
		}
	}
	if !slices.IsSorted(s) || len(slices.Compact(slices.Clone(s))) != len(s) || s[0] < 1 || s[len(s)-1] > 300 {
		t.Errorf("not ascending, each once, from 1 to 300: %v", s)
	}
}

// Every second size is too large for a byte, every one occurs, and zero bits give the smallest.
func TestSizesAreDrawn(t *testing.T) {
	const draws = 4000
	s, from := Around(nil, 600), Seeded(3)
	counts, large := map[int]int{}, 0
	for range draws {
		n := s.Draw(from)
		counts[n]++
		if n >= byteWide {
			large++
		}
	}
	if len(counts) != len(s) || large < draws/2 || large > draws*7/10 {
		t.Errorf("%d of %d sizes are drawn, %d of %d times a large one", len(counts), len(s), large, draws)
	}
	if n := s.Draw(zeros{}); n != 1 {
		t.Errorf("zero bits draw %d", n)
	}
	if n := Around(nil, 3).Draw(Seeded(1)); n > 3 {
		t.Errorf("%d of at most 3", n)
	}
}
