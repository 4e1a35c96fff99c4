package forks

import (
	"fmt"
	"time"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// Barriers decides whether nobody passed a barrier before every worker of the fork had
// arrived there, in each round; whether a broken round failed all who had come, and no
// round broke without a reason: a worker that ended without coming, or that came to
// another barrier. That nobody waits for ever is the scheduler's to say. Rules: "passed
// early", "passed a broken barrier", "broken without a reason", "passed without
// arriving", "left waiting", "round skipped", "twice in a round", "wrong number of
// workers", "broken without an error".
func Barriers() checkers.OfProgram { return ruled("barriers", checkBarriers) }

// round is one meeting of a fork's workers.
type round struct {
	arrived map[int32]trace.BarrierEvent
	left    map[int32]trace.BarrierEvent // passed or broken, by worker
}

func checkBarriers(r *run) verdict {
	for _, f := range r.forks {
		if v := r.checkRounds(f); v.Status != checkers.Pass {
			for _, e := range f.barriers {
				v.Evidence = append(v.Evidence, fmt.Sprintf("%v worker %d %s barrier %d in round %d", e.Time, e.Worker, barrierWord(e.Kind), e.Barrier, e.Round))
			}
			return v
		}
	}
	return checkers.Passed()
}

func (r *run) checkRounds(f *fork) verdict {
	rounds := map[int32]*round{}
	of := func(n int32) *round {
		if rounds[n] == nil {
			rounds[n] = &round{arrived: map[int32]trace.BarrierEvent{}, left: map[int32]trace.BarrierEvent{}}
		}
		return rounds[n]
	}
	for _, e := range f.barriers {
		if e.Workers != f.workers {
			return checkers.Failed("wrong number of workers", fmt.Sprintf("a barrier event says that the %v has %d", f, e.Workers))
		}
		side := of(e.Round).left
		if e.Kind == trace.BarrierArrive {
			side = of(e.Round).arrived
		}
		if _, twice := side[e.Worker]; twice {
			return checkers.Failed("twice in a round", fmt.Sprintf("worker %d of the %v %s barrier %d twice in round %d", e.Worker, f, barrierWord(e.Kind), e.Barrier, e.Round))
		}
		side[e.Worker] = e
	}
	ends := f.ends()
	for _, e := range f.barriers { // in the order of time, so that the first thing wrong is told
		now := of(e.Round)
		if e.Round > 0 && of(e.Round - 1).left[e.Worker].Kind != trace.BarrierPass {
			return checkers.Failed("round skipped", fmt.Sprintf("worker %d of the %v is in round %d, and has not passed the one before", e.Worker, f, e.Round))
		}
		switch e.Kind {
		case trace.BarrierPass:
			if v := f.checkPass(now, e); v.Status != checkers.Pass {
				return v
			}
		case trace.BarrierBreak:
			if v := f.checkBreak(now, e, ends); v.Status != checkers.Pass {
				return v
			}
			if r.clean && r.seen.Outcome.Err == nil {
				return checkers.Failed("broken without an error", fmt.Sprintf("barrier %d broke for worker %d, and the program succeeded", e.Barrier, e.Worker))
			}
		}
		if _, left := now.left[e.Worker]; !left && r.clean {
			return checkers.Failed("left waiting", fmt.Sprintf("worker %d came to barrier %d, and neither passed nor failed", e.Worker, e.Barrier))
		}
	}
	return checkers.Passed()
}

// checkPass judges that a worker passed.
func (f *fork) checkPass(now *round, e trace.BarrierEvent) verdict {
	if _, ok := now.arrived[e.Worker]; !ok {
		return checkers.Failed("passed without arriving", fmt.Sprintf("worker %d passed barrier %d in round %d, and never came to it", e.Worker, e.Barrier, e.Round))
	}
	for w := range f.workers {
		a, ok := now.arrived[w]
		switch {
		case !ok:
			return checkers.Failed("passed early", fmt.Sprintf("worker %d passed barrier %d in round %d, and worker %d never came to it", e.Worker, e.Barrier, e.Round, w))
		case a.Time > e.Time:
			return checkers.Failed("passed early", fmt.Sprintf("worker %d passed barrier %d in round %d at %v, before worker %d came to it at %v", e.Worker, e.Barrier, e.Round, e.Time, w, a.Time))
		case a.Barrier != e.Barrier:
			return checkers.Failed("passed early", fmt.Sprintf("worker %d passed barrier %d in round %d, and worker %d came to barrier %d instead", e.Worker, e.Barrier, e.Round, w, a.Barrier))
		}
		if left, ok := now.left[w]; ok && left.Kind == trace.BarrierBreak {
			return checkers.Failed("passed a broken barrier", fmt.Sprintf("worker %d passed barrier %d in round %d, and it broke for worker %d", e.Worker, e.Barrier, e.Round, w))
		}
	}
	return checkers.Passed()
}

// checkBreak looks for the worker that broke the barrier.
func (f *fork) checkBreak(now *round, e trace.BarrierEvent, ends map[int32]time.Duration) verdict {
	for w := range f.workers {
		a, came := now.arrived[w]
		_, ended := ends[w]
		if came && a.Barrier != e.Barrier || !came && ended {
			return checkers.Passed()
		}
	}
	for w := range f.workers { // a worker that was stopped or panicked may leave no end
		if _, ended := ends[w]; !ended {
			return checkers.Passed()
		}
	}
	return checkers.Failed("broken without a reason", fmt.Sprintf("barrier %d broke for worker %d in round %d, and all workers came to it", e.Barrier, e.Worker, e.Round))
}

func barrierWord(k trace.BarrierEventKind) string {
	switch k {
	case trace.BarrierArrive:
		return "comes to"
	case trace.BarrierPass:
		return "passes"
	case trace.BarrierBreak:
		return "fails at"
	}
	return "?"
}
