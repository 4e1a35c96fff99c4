package campaign

import (
	"context"
	"errors"
	"slices"
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

// TestTurns: what is known to take much of a job's time begins first, unless the time is shared.
func TestTurns(t *testing.T) {
	named := []properties.Info{{ID: "A"}, {ID: "B"}, {ID: "C"}, {ID: "D"}}
	for _, c := range []struct {
		name  string
		costs map[string]float64
		jobs  int
		end   time.Time
		want  []int
	}{
		{"unknown", nil, 2, time.Time{}, []int{0, 1, 2, 3}},
		{"known", map[string]float64{"A": 0.1, "B": 9, "C": 0.2, "D": 0.1}, 2, time.Time{}, []int{1, 0, 2, 3}},
		{"two are long", map[string]float64{"A": 0.1, "B": 9, "D": 5}, 2, time.Time{}, []int{1, 3, 0, 2}},
		{"as long as each other", map[string]float64{"A": 1, "B": 1, "C": 1, "D": 1}, 1, time.Time{}, []int{0, 1, 2, 3}},
		{"time is shared", map[string]float64{"B": 9}, 2, time.Unix(1, 0), []int{0, 1, 2, 3}},
	} {
		p := &Campaign{Properties: named, Costs: c.costs, Jobs: c.jobs, End: c.end}
		if got := p.turns(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestInTurn: work begins in another order, results come in that of the numbers, and when a number fails, no higher one is begun.
func TestInTurn(t *testing.T) {
	turns, boom := []int{3, 0, 2, 1, 4}, errors.New("boom")
	for _, c := range []struct {
		fails       int
		begun, done []int
	}{
		{-1, turns, []int{0, 1, 2, 3, 4}},
		{2, []int{3, 0, 2, 1}, []int{0, 1}},
	} {
		var begun, done []int
		err := inTurn(t.Context(), turns, 1, func(_ context.Context, i int) (int, error) {
			begun = append(begun, i)
			if i == c.fails {
				return 0, boom
			}
			return i, nil
		}, func(i, _ int) { done = append(done, i) })
		if !slices.Equal(begun, c.begun) || !slices.Equal(done, c.done) || (err != nil) != (c.fails >= 0) {
			t.Errorf("%d fails: began %v, done %v, error %v; want %v and %v", c.fails, begun, done, err, c.begun, c.done)
		}
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
