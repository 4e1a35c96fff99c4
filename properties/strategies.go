package properties

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"synchrony/executor/sched"
	"synchrony/models/trace"
)

// Strategies are the names of the ways to choose schedules, for [Budget.Strategy]. Each
// begins with the default schedule.
func Strategies() []string {
	return []string{"random", "pct-3", "pct-6", "pos", "single", "dpor"}
}

// CheckStrategy returns an error unless name is one of Strategies.
func CheckStrategy(name string) error {
	if !slices.Contains(Strategies(), name) {
		return fmt.Errorf("there is no strategy %q; there are %v", name, Strategies())
	}
	return nil
}

// searchBy looks for a schedule on which w fails as search does, with one strategy alone, on
// at most b.Random schedules beside the default one.
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
	if b.Strategy == "dpor" {
		e := sched.NewExplorer(p.options(), sched.Bounds{Preemptions: sched.Unbounded, Schedules: b.Random + 1})
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
	f, record, err := try(sched.Default())
	if f != nil || err != nil || p.Unscheduled {
		return f, err
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
