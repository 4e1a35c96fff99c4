package linearizability

import (
	"testing"

	"synchrony/models/history"
)

// TestEqualLooksAtElements: versions whose sums are equal by chance are told apart by their elements.
func TestEqualLooksAtElements(t *testing.T) {
	one, two := cell{history.Number, 1}, cell{history.Number, 2}
	for _, n := range []int{1, 3} {
		first := newArray(make([]cell, n))
		a, b := first.with(0, one), first.with(0, two)
		b.sum = a.sum
		if a.equal(b) || b.equal(a) {
			t.Errorf("of %d elements, versions that differ in one are equal", n)
		}
		if again := first.with(0, one); !again.equal(a) || !a.equal(again) {
			t.Errorf("of %d elements, versions that do not differ are not equal", n)
		}
	}
}
