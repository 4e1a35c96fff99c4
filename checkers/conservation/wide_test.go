package conservation

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestWideIsExact(t *testing.T) {
	extreme := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, -1, 0, 1}))
	rapid.Check(t, func(t *rapid.T) {
		added := rapid.SliceOf(extreme).Draw(t, "added")
		taken := rapid.SliceOf(extreme).Draw(t, "taken")
		var got wide
		want := new(big.Int)
		for _, v := range added {
			got.add(v)
			want.Add(want, big.NewInt(v))
		}
		for _, v := range taken {
			got.sub(v)
			want.Sub(want, big.NewInt(v))
		}
		if got.String() != want.String() || got.negative() != (want.Sign() < 0) {
			t.Fatalf("got %v, want %v", got, want)
		}
		if back := (wide{}).minus(got); back.String() != want.Neg(want).String() {
			t.Fatalf("minus: got %v, want %v", back, want)
		}
	})
}
