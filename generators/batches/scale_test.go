package batches_test

import (
	"bytes"
	"testing"

	"synchrony/generators/batches"
	"synchrony/generators/internal/boundstest"
	"synchrony/models/batch"
)

// TestScaledRoundTrips holds that large batches are valid, print and read back, and fail where they are meant to.
func TestScaledRoundTrips(t *testing.T) {
	outcomes := map[bool]int{}
	for seed := range 40 {
		w := batches.Scaled(batches.All).Example(seed + 1).Workload
		text, err := batch.FormatWorkload(w)
		if err != nil {
			t.Fatal(err)
		}
		back, err := batch.ParseWorkload("large", text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := batch.FormatWorkload(back)
		if err != nil || !bytes.Equal(text, again) {
			t.Fatalf("seed %d: printed again, it differs (%v)", seed, err)
		}
		o := batch.RunSerially(w.Batch)
		outcomes[o.Failure == nil]++
		if o.Cycle != nil || o.Failure != nil && o.Failure.Kind != batch.GuardFailed {
			t.Errorf("seed %d: %+v", seed, o.Failure)
		}
	}
	if outcomes[true] < 20 || outcomes[false] < 5 {
		t.Errorf("%d commit, %d fail", outcomes[true], outcomes[false])
	}
}

// TestDrawnBoundsAreReached holds that each bound of the batch executor that is said to be reached is passed by what
// is drawn of it: there are sizes just below, at and just above it.
func TestDrawnBoundsAreReached(t *testing.T) {
	boundstest.Reached(t, "executor/synchrony", batches.ScaledSizes())
}
