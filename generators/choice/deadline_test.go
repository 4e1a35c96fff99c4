package choice

import (
	"testing"
	"time"
)

// A deadline is on either side of what takes so long, and at it.
func TestDeadlinesAreAroundWhatTheyLimit(t *testing.T) {
	const d = 10 * time.Millisecond
	for _, c := range []struct {
		deadline Deadline
		beside   time.Duration
		want     time.Duration
	}{
		{Unset, 1, 0},
		{Instant, 1, 1},
		{half, 1, d / 2},
		{short, 0, d - 1},
		{short, 1, d - 1},
		{short, time.Millisecond, d - time.Millisecond},
		{around, 0, d},
		{around, 1, d + 1},
		{ample, 1, 10 * d},
	} {
		if got := c.deadline.After(d, c.beside); got != c.want {
			t.Errorf("deadline %d, %v beside %v: %v, want %v", c.deadline, c.beside, d, got, c.want)
		}
		if got := c.deadline.After(0, c.beside); got < 0 {
			t.Errorf("deadline %d of nothing: %v", c.deadline, got)
		}
	}
}
