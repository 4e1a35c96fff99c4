package simulate

import (
	"math/rand/v2"
	"time"

	"synchrony/models/batch"
	"synchrony/models/schedule"
	"synchrony/models/trace"
)

// simulation is a run under way.
type simulation struct {
	rng     *rand.Rand
	options Options
	batch   *batch.Batch
	spec    batch.Outcome
	preds   [][]int32
	succs   [][]int32
	waits   []int
	ready   []int32
	now     time.Duration
	seen    trace.Observation
}

// worker is what a worker has left to do of its transaction.
type worker struct {
	todo []trace.Event
}

// run lets workers take turns at random until all transactions have committed.
// Worker w is task w+1; task 0 waits for them.
func (s *simulation) run() {
	workers := make([]worker, s.options.Workers)
	for w := range workers {
		s.step(0, schedule.OpSpawn, schedule.ClassTask, int32(w)+1)
	}
	for w := range workers {
		s.step(w+1, schedule.OpBegin, schedule.ClassTask, int32(w)+1)
	}
	for j, n := range s.waits {
		if n == 0 {
			s.ready = append(s.ready, int32(j))
		}
	}
	for left := len(s.preds); left > 0; {
		w := s.rng.IntN(len(workers))
		switch {
		case len(workers[w].todo) > 0:
			e := workers[w].todo[0]
			workers[w].todo = workers[w].todo[1:]
			s.event(w, e)
			if e.Kind == trace.Commit {
				left--
			}
		case len(s.ready) > 0:
			k := s.rng.IntN(len(s.ready))
			tx := s.ready[k]
			s.ready[k] = s.ready[len(s.ready)-1]
			s.ready = s.ready[:len(s.ready)-1]
			workers[w].todo = s.events(tx)
			s.step(w+1, schedule.OpRMW, schedule.ClassCounter, tx)
		}
		if s.options.Observers > 0 && s.rng.IntN(100) == 0 {
			s.observe(s.seen.Initial)
		}
	}
	for w := range workers {
		s.step(w+1, schedule.OpDone, schedule.ClassGroup, 0)
		s.step(w+1, schedule.OpEnd, schedule.ClassTask, int32(w)+1)
	}
	s.step(0, schedule.OpJoin, schedule.ClassGroup, 0)
	s.observe(s.seen.Final)
}

func (s *simulation) step(task int, op schedule.Op, class schedule.Class, index int32) {
	if s.options.Steps {
		s.seen.Steps = append(s.seen.Steps, schedule.Step{Task: int32(task), Op: op, Object: schedule.Object{Class: class, Index: index}})
	}
}

func (s *simulation) observe(balances []int64) {
	if s.options.Observers > 0 {
		s.now++
		s.seen.Snapshots = append(s.seen.Snapshots, trace.Snapshot{
			Time: s.now, Observer: int32(s.rng.IntN(s.options.Observers)), Balances: balances,
		})
	}
}

// events is what transaction tx does, but for who does it and when.
func (s *simulation) events(tx int32) []trace.Event {
	effect := s.spec.Effects[tx]
	events := make([]trace.Event, 0, 2+len(effect.Reads)+len(effect.Writes))
	events = append(events, trace.Event{Kind: trace.Start, Tx: tx})
	for _, r := range effect.Reads {
		events = append(events, trace.Event{Kind: trace.Read, Tx: tx, Account: r.Account, Old: r.Old, Version: int32(r.Writer)})
	}
	for _, w := range effect.Writes {
		events = append(events, trace.Event{Kind: trace.Write, Tx: tx, Account: w.Account, Old: w.Old, New: w.New, Version: int32(w.Writer)})
	}
	return append(events, trace.Event{Kind: trace.Commit, Tx: tx})
}

func (s *simulation) event(w int, e trace.Event) {
	s.now++
	e.Time, e.Worker = s.now, int32(w)
	s.seen.Events = append(s.seen.Events, e)
	switch e.Kind {
	case trace.Read:
		s.step(w+1, schedule.OpRead, schedule.ClassCell, int32(e.Account))
	case trace.Write:
		s.step(w+1, schedule.OpWrite, schedule.ClassCell, int32(e.Account))
	case trace.Commit:
		for _, next := range s.succs[e.Tx] {
			s.step(w+1, schedule.OpRMW, schedule.ClassCounter, next)
			if s.waits[next]--; s.waits[next] == 0 {
				s.ready = append(s.ready, next)
			}
		}
	}
}
