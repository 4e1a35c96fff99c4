package sched

import (
	"fmt"

	"synchrony/models/schedule"
)

// Replay repeats a recorded schedule. If the run turns out to be another than the
// one recorded, the record's verdict is Stale: a deviation does not fit, or, for a schedule whose
// hash is known, the number of steps or the hash of the trace differ.
func Replay(s schedule.Schedule) Strategy {
	return &replay{Deviated: Deviate(s.Deviations), want: s}
}

type replay struct {
	*Deviated
	want schedule.Schedule
}

// verify tells what differs between the run and the schedule.
func (r *replay) verify(rec *Record) *Stuck {
	stale := func(format string, args ...any) *Stuck {
		return &Stuck{Kind: Stale, Detail: fmt.Sprintf(format, args...)}
	}
	got := rec.Schedule
	switch left := r.Unapplied(); {
	case len(left) > 0:
		return stale("at step %d there is no alternative %d (the run took %d steps)", left[0].Step, left[0].Skip, got.Steps)
	case r.want.Hash == 0:
		return nil
	case got.Steps != r.want.Steps:
		return stale("the run took %d steps, the recorded one %d", got.Steps, r.want.Steps)
	case got.Hash != r.want.Hash:
		return stale("the run's trace has hash %016x, the recorded one %016x", got.Hash, r.want.Hash)
	}
	return nil
}
