package properties

import (
	"context"
	"math/rand/v2"

	"synchrony/executor/sched"
	"synchrony/models/trace"
)

// Strategies are the names of the ways to choose schedules, for [Budget.Strategy]. Each
// begins with the default schedule.
func Strategies() []string {
	return []string{"random", "pct-3", "pct-6", "pos", "single", "dpor"}
}

// searchBy looks for a schedule on which w fails as search does, with one strategy alone, on
// at most b.Random schedules beside the default one. The real goroutines are not tried.
func (p *engine[W, O]) searchBy(ctx context.Context, w W, seed uint64, b Budget, checker string, visit func(*attempt[O])) (*finding[O], error) {
	try := func(s sched.Strategy) (*finding[O], *sched.Record, error) {
		a, err := p.run(ctx, w, s)
		if err != nil {
			return nil, nil, err
		}
		a.strategy = b.Strategy
		visit(&a)
		if a.failed(checker) {
			return &finding[O]{a.detach(), b.Strategy}, nil, nil
		}
		return nil, a.record, nil
	}
	f, record, err := try(sched.Default())
	if f != nil || err != nil || p.Unscheduled {
		return f, err
	}
	if b.Strategy == "dpor" {
		return p.explorePart(len(record.Steps), b.Random, try)
	}
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	steps, singles := len(record.Steps), sampleDeviations(record, b.Random, rng)
	for i := range b.Random {
		var s sched.Strategy
		switch b.Strategy {
		case "random":
			s = sched.Random(rng.Uint64())
		case "pct-3":
			s = sched.PCT(rng.Uint64(), 3, steps)
		case "pct-6":
			s = sched.PCT(rng.Uint64(), 6, steps)
		case "pos":
			s = sched.POS(rng.Uint64())
		case "single":
			if i == len(singles) {
				return nil, nil
			}
			s = sched.Deviate([]trace.Deviation{singles[i]})
		}
		if f, _, err := try(s); f != nil || err != nil {
			return f, err
		}
	}
	return nil, nil
}

// explorePart tries at most n schedules in the order of an exploration of all, if runs are short
// enough for one.
func (p *engine[W, O]) explorePart(steps, n int, try func(sched.Strategy) (*finding[O], *sched.Record, error)) (*finding[O], error) {
	if n <= 0 || steps > shortRun {
		return nil, nil
	}
	e := sched.NewExplorer(p.options(), sched.Bounds{Preemptions: sched.Unbounded, Schedules: n})
	for s, more := e.Next(); more; s, more = e.Next() {
		f, record, err := try(s)
		if f != nil || err != nil {
			return f, err
		}
		if err := e.Ran(record); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
