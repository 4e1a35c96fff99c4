package properties

import (
	"context"
	"time"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
)

// shrinking is the search for a smaller workload under way.
type shrinking[W, O any] struct {
	*engine[W, O]
	best   shrunk[W, O]
	seed   uint64
	budget Budget
	until  time.Time // zero is never
	alive  func()
	seen   map[string]*finding[O] // what became of a workload, by its text
	rarity int                    // how many schedules the last search took that found the failure anew; 0 if none did
	rate   rate                   // of a failure on real goroutines
	lost   int                    // how many runs those are worth that could not be made
	broken error
}

// spent reports that so many schedules were run, or that there is no more time. The result is then not as small as can be.
func (s *shrinking[W, O]) spent(ctx context.Context, most int) bool {
	spent := s.best.runs+s.lost > most || ctx.Err() != nil || !s.until.IsZero() && time.Now().After(s.until)
	s.best.cut = s.best.cut || spent
	return spent
}

// What it costs, in runs, to find out that the system cannot be run on a workload: it is started anew, or was waited for as long as it may take.
const (
	restartCost = 100
	waitCost    = 1000
)

// count counts a run, and reports whether it was one. A workload that the system cannot be run on is no smaller failing one.
func (s *shrinking[W, O]) count(a *attempt[O]) bool {
	switch {
	case a.waited:
		s.lost += waitCost
	case a.unavailable != "":
		s.lost += restartCost
	default:
		s.best.runs++
	}
	return a.unavailable == ""
}

// over reports that the workload's share of the budget is spent.
func (s *shrinking[W, O]) over(ctx context.Context) bool {
	return s.broken != nil || s.hung || s.spent(ctx, s.budget.Shrink/2)
}

// workload makes the workload smaller.
func (s *shrinking[W, O]) workload(ctx context.Context, c drawn[W]) error {
	if s.best.finding.real {
		s.rate, s.broken = s.rateOf(ctx, s.best.workload, s.best.finding.checker, mostForRate)
		s.best.runs += s.rate.runs
	}
	if s.Reduce != nil {
		s.Reduce(c.workload, func(w W) bool { return !s.over(ctx) && s.fails(ctx, w) })
		return s.broken
	}
	rapidShrink(c.seed, func() bool { return s.over(ctx) }, func(t *rapid.T) {
		if s.fails(ctx, c.generator.Draw(t, "workload")) {
			t.FailNow() // one message and call site, or rapid takes it for another failure
		}
	})
	return s.broken
}

// fails tries a workload, which is the best from now on if it fails.
func (s *shrinking[W, O]) fails(ctx context.Context, w W) bool {
	if s.Within != nil && !s.Within(w) {
		return false
	}
	text, err := s.format(w)
	if err != nil {
		s.broken = err
		return false
	}
	f, known := s.seen[text]
	if !known {
		restore := s.apart()
		f, s.broken = s.refind(ctx, w)
		restore()
		if s.broken != nil {
			return false
		}
		s.seen[text] = f
	}
	if f != nil {
		s.best.workload, s.best.finding = w, *f
	}
	return f != nil
}

// refind looks for a schedule on which w fails as the best did: first by that one's own
// deviations, then by what is left of it in w, then by a whole search, of more schedules the rarer the failure has become.
func (s *shrinking[W, O]) refind(ctx context.Context, w W) (*finding[O], error) {
	last := &s.best.finding
	if last.real {
		return s.refindReal(ctx, w)
	}
	if devs := last.deviations(); len(devs) > 0 {
		for _, strategy := range append([]sched.Strategy{sched.Deviate(devs)}, sched.Projections(last.record)...) {
			a, err := s.run(ctx, w, strategy)
			if err != nil || !s.count(&a) {
				return nil, err
			}
			if a.failed(last.checker) {
				return &finding[O]{a.detach(), last.strategy}, nil
			}
		}
	}
	before := s.best.runs
	f, err := s.search(ctx, w, s.seed, s.effort(), last.checker, func(a *attempt[O]) {
		s.count(a)
		s.alive()
	})
	if f != nil {
		s.rarity = s.best.runs - before
	}
	return f, err
}

// How much a search for the same failure grows with how rare that is: so many times the schedules that it took the last time, up to most.
const (
	rarityFactor = 3
	mostRandom   = 600
)

// effort is what a search for the failure of the best workload in another one may cost.
func (s *shrinking[W, O]) effort() Budget {
	b := s.budget
	e := Budget{Single: 2 * b.Single, Random: 2 * b.Random, Exhaustive: 2 * b.Exhaustive, Sampling: b.Sampling, Partial: b.Partial}
	if b.Random > 0 {
		e.Random = max(e.Random, min(rarityFactor*s.rarity, mostRandom))
	}
	if s.best.finding.record == nil { // it needs real time to fail
		e.Real = 10 * b.Real
	}
	return e
}
