package conservation

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// snapshots checks that whoever looked from outside saw the state before or the
// state after, whole; the state before only, if the batch did not commit; and
// never the state before again after the state after.
func (j *judge) snapshots() verdict {
	after := map[int32]int{} // by observer: its first snapshot of the state after
	last := map[int32]int{}  // by observer: its last snapshot
	for i := range j.seen.Snapshots {
		s := &j.seen.Snapshots[i]
		if k, ok := last[s.Observer]; ok && j.seen.Snapshots[k].Time > s.Time {
			return checkers.Undecided("malformed: observer %d has a snapshot of %v after one of %v", s.Observer, s.Time, j.seen.Snapshots[k].Time)
		}
		last[s.Observer] = i
		before := slices.Equal(s.Balances, j.seen.Initial)
		if !before && (j.seen.Outcome != history.Committed || !slices.Equal(s.Balances, j.seen.Final)) {
			return j.torn(s)
		}
		first, moved := after[s.Observer]
		switch {
		case before && moved && !slices.Equal(j.seen.Initial, j.seen.Final):
			return checkers.Failed("went back",
				fmt.Sprintf("observer %d saw the state after the batch, and then the one before it", s.Observer),
				j.show(&j.seen.Snapshots[first]), j.show(s))
		case !before && !moved:
			after[s.Observer] = i
		}
	}
	return checkers.Passed()
}

func (j *judge) torn(s *trace.Snapshot) verdict {
	old, changed := "", ""
	for a, v := range s.Balances {
		name := fmt.Sprintf("%s %d", j.names.Account(batch.AccountID(a)), v)
		if v == j.seen.Initial[a] && v != j.seen.Final[a] {
			old = name
		} else if v != j.seen.Initial[a] {
			changed = name
		}
	}
	reason := fmt.Sprintf("observer %d saw %s, which no committed batch wrote", s.Observer, changed)
	if old != "" && j.seen.Outcome == history.Committed {
		reason = fmt.Sprintf("observer %d saw part of the batch: %s as it was, and %s", s.Observer, old, changed)
	}
	return checkers.Failed("torn snapshot", reason, "initial: "+j.names.Balances(j.seen.Initial), j.show(s),
		fmt.Sprintf("final (%v): %s", j.seen.Outcome, j.names.Balances(j.seen.Final)))
}

func (j *judge) show(s *trace.Snapshot) string {
	return fmt.Sprintf("observer %d read: %s", s.Observer, j.names.Balances(s.Balances))
}
