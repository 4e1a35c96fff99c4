package campaign_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"synchrony/properties/campaign"
)

// TestInOrder: however many jobs there are, results come in order, up to the lowest number that fails.
func TestInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, jobs := rapid.IntRange(0, 20).Draw(t, "n"), rapid.IntRange(-1, 8).Draw(t, "jobs")
		fails := rapid.SliceOfN(rapid.IntRange(0, 30), 0, 3).Draw(t, "fails")
		var want, got []int
		first := -1
		for i := range n {
			if slices.Contains(fails, i) {
				first = i
				break
			}
			want = append(want, i)
		}
		err := campaign.InOrder(t.Context(), n, jobs, func(ctx context.Context, i int) (int, error) {
			if ctx.Err() != nil && (first < 0 || i < first) {
				t.Errorf("number %d is canceled", i)
			}
			if slices.Contains(fails, i) {
				return 0, failure(i)
			}
			return i, nil
		}, func(i, r int) {
			if i != r {
				t.Errorf("number %d got the result of %d", i, r)
			}
			got = append(got, i)
		})
		if !slices.Equal(got, want) {
			t.Errorf("results of %v, want %v", got, want)
		}
		if f := failure(first); first >= 0 && !errors.Is(err, f) || first < 0 && err != nil {
			t.Errorf("the error is %v, want that of %d", err, first)
		}
	})
}

type failure int

func (f failure) Error() string { return "failed" }

// TestInOrderEndsWhatDoesNotMatter: when a number fails, higher ones are canceled and not begun, and
// lower ones are not disturbed.
func TestInOrderEndsWhatDoesNotMatter(t *testing.T) {
	lower := make(chan struct{})
	higher := make(chan struct{})
	var begun atomic.Int32
	err := campaign.InOrder(t.Context(), 100, 3, func(ctx context.Context, i int) (int, error) {
		begun.Add(1)
		switch i {
		case 0: // ends when 2 was canceled
			<-lower
			return 0, ctx.Err()
		case 1: // fails when 2 has begun
			<-higher
			return 0, failure(1)
		case 2:
			close(higher)
			<-ctx.Done()
			close(lower)
			return 0, ctx.Err()
		}
		return i, nil
	}, func(i, _ int) {
		if i > 0 {
			t.Errorf("the result of %d is handed in", i)
		}
	})
	if !errors.Is(err, failure(1)) || begun.Load() != 3 {
		t.Errorf("error %v, %d begun, want the error of 1, and 3", err, begun.Load())
	}
}

// TestInOrderReturnsWhenAllHave: nothing runs on after InOrder has returned.
func TestInOrderReturnsWhenAllHave(t *testing.T) {
	begun := make(chan struct{})
	var running atomic.Int32
	_ = campaign.InOrder(t.Context(), 2, 2, func(ctx context.Context, i int) (int, error) {
		running.Add(1)
		defer running.Add(-1)
		if i == 0 {
			<-begun
			return 0, failure(0)
		}
		close(begun)
		<-ctx.Done()
		return 0, nil
	}, func(int, int) {})
	if running.Load() != 0 {
		t.Error("work is still running")
	}
}
