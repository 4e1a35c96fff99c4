package race

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// checkOverlaps checks that transactions of which one writes what the other
// accesses, by their events, were not running at one time. It sweeps once over the
// events in time order, with the transactions that run now filed under the accounts
// that they will have accessed. Intervals that only touch do not overlap.
func checkOverlaps(b *batch.Batch, log *trace.Log) verdict {
	s := sweep{b, log, make([]active, len(b.Accounts))}
	for i := 0; i < len(log.Events); {
		end := i
		for end < len(log.Events) && log.Events[end].Time == log.Events[i].Time {
			end++
		}
		if v := s.instant(i, end); v.Status != checkers.Pass {
			return v
		}
		i = end
	}
	return checkers.Passed()
}

// active is who runs now and accesses an account.
type active struct{ readers, writers []int32 }

type sweep struct {
	batch  *batch.Batch
	log    *trace.Log
	active []active
}

// instant handles the events from i to end, which have the same time: first those
// who end leave, then those whose whole run took no time look around, then those
// who start enter.
func (s *sweep) instant(i, end int) verdict {
	at := s.log.Events[i].Time
	for k := i; k < end; k++ {
		e := &s.log.Events[k]
		if e.Kind != trace.Commit && e.Kind != trace.Rollback || s.log.End(int(e.Tx)) != k {
			continue
		}
		if s.log.Events[s.log.Spans[e.Tx].Start].Time < at {
			s.leave(e.Tx)
		} else if v := s.look(e.Tx); v.Status != checkers.Pass {
			return v
		}
	}
	for k := i; k < end; k++ {
		e := &s.log.Events[k]
		if e.Kind != trace.Start {
			continue
		}
		if over := s.log.End(int(e.Tx)); over < len(s.log.Events) && s.log.Events[over].Time == at {
			continue
		}
		if v := s.look(e.Tx); v.Status != checkers.Pass {
			return v
		}
		s.enter(e.Tx)
	}
	return checkers.Passed()
}

// look checks that tx conflicts with nobody who runs now.
func (s *sweep) look(tx int32) verdict {
	for _, i := range s.log.Accesses(int(tx)) {
		e := &s.log.Events[i]
		for _, w := range s.active[e.Account].writers {
			if w != tx {
				return s.overlap(w, tx, e.Account)
			}
		}
		if e.Kind != trace.Write {
			continue
		}
		for _, r := range s.active[e.Account].readers {
			if r != tx {
				return s.overlap(r, tx, e.Account)
			}
		}
	}
	return checkers.Passed()
}

func (s *sweep) enter(tx int32) {
	for _, i := range s.log.Accesses(int(tx)) {
		e := &s.log.Events[i]
		list := &s.active[e.Account].readers
		if e.Kind == trace.Write {
			list = &s.active[e.Account].writers
		}
		*list = append(*list, tx)
	}
}

// leave takes tx off the lists it is on. Writers are at most one at a time, or the
// check has failed; readers are at most as many as workers.
func (s *sweep) leave(tx int32) {
	for _, i := range s.log.Accesses(int(tx)) {
		a := &s.active[s.log.Events[i].Account]
		a.readers, a.writers = without(a.readers, tx), without(a.writers, tx)
	}
}

func without(list []int32, tx int32) []int32 {
	rest := list[:0]
	for _, t := range list {
		if t != tx {
			rest = append(rest, t)
		}
	}
	return rest
}

func (s *sweep) overlap(x, y int32, a batch.AccountID) verdict {
	names := trace.NamesOf(s.batch)
	evidence := make([]string, 0, 6)
	for _, tx := range []int32{x, y} {
		evidence = append(evidence, names.Event(s.log.Events[s.log.Spans[tx].Start]))
		for _, i := range s.log.Accesses(int(tx)) {
			if e := s.log.Events[i]; e.Account == a {
				evidence = append(evidence, names.Event(e))
			}
		}
		if end := s.log.End(int(tx)); end < len(s.log.Events) {
			evidence = append(evidence, names.Event(s.log.Events[end]))
		} else {
			evidence = append(evidence, names.Tx(tx)+" never ended")
		}
	}
	return checkers.Failed("overlapping conflict", fmt.Sprintf("%s and %s ran at one time, and both access %s, one of them writing",
		names.Tx(x), names.Tx(y), names.Account(a)), evidence...)
}
