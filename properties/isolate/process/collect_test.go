package process

import (
	"fmt"
	"testing"
)

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		live uint64
		want int
	}{
		{0, 400}, {4 << 20, 400}, {32 << 20, 400}, {64 << 20, 200}, {128 << 20, 100}, {1 << 40, 100},
	} {
		t.Run(fmt.Sprint(c.live), func(t *testing.T) {
			if got := percent(c.live); got != c.want {
				t.Errorf("grows by %d %%, not %d", got, c.want)
			}
		})
	}
}
