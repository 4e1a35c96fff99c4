package spoiled

import (
	"math"
	"testing"
)

// TestAnotherFloat: a changed number is another one, also where twice as much and one is not.
func TestAnotherFloat(t *testing.T) {
	for _, x := range []float64{0, math.Copysign(0, -1), -1, 1, 1 << 53, -1e308, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN()} {
		if y := anotherFloat(x); y == x || y != y {
			t.Errorf("%v becomes %v", x, y)
		}
	}
}
