package campaign

import (
	"testing"
	"time"

	"synchrony/properties"
)

// TestTimeIsSharedFairly: each property gets what is left, divided by the rounds
// that are left; nobody gets more than there is, and what one does not need goes to those
// after it.
func TestTimeIsSharedFairly(t *testing.T) {
	type start struct{ at, ends time.Duration } // of a property, from the run's start
	const m = time.Minute
	for _, c := range []struct {
		name string
		jobs int
		want []start
	}{
		{"all at once", 2, []start{{0, 30 * m}, {0, 30 * m}, {0, 60 * m}, {0, 60 * m}}},
		{"one after another", 1, []start{{0, 20 * m}, {20 * m, 40 * m}, {40 * m, 60 * m}}},
		{"the first ends at once", 1, []start{{0, 20 * m}, {0, 30 * m}, {30 * m, 60 * m}}},
		{"the second ends early", 1, []start{{0, 15 * m}, {15 * m, 30 * m}, {20 * m, 40 * m}, {40 * m, 60 * m}}},
		{"more jobs than properties", 8, []start{{0, 60 * m}}},
		{"the time is over", 1, []start{{0, 30 * m}, {61 * m, 60 * m}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			p := &Campaign{Properties: make([]properties.Info, len(c.want)), Jobs: c.jobs, End: began.Add(60 * m)}
			for i, want := range c.want {
				now := began.Add(want.at)
				spec := p.share(i, now)
				if got := spec.Deadline.Sub(began); got != want.ends {
					t.Errorf("property %d ends after %v, want %v", i, got, want.ends)
				}
				if share := spec.Deadline.Sub(now); spec.Reserve != share/10 {
					t.Errorf("property %d: %v of %v are reserved for shrinking", i, spec.Reserve, share)
				}
			}
		})
	}
}

// TestReserve: who limits shrinking needs no more time reserved for it.
func TestReserve(t *testing.T) {
	for _, c := range []struct{ share, shrink, want time.Duration }{
		{time.Minute, 0, 6 * time.Second},
		{time.Minute, time.Second, time.Second},
		{time.Minute, time.Hour, 30 * time.Second},
	} {
		if got := reserve(c.share, c.shrink); got != c.want {
			t.Errorf("of %v, with %v for shrinking: %v, want %v", c.share, c.shrink, got, c.want)
		}
	}
}
