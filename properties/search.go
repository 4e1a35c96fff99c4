package properties

import (
	"context"
	"math/rand/v2"

	"synchrony/executor/sched"
	"synchrony/models/trace"
)

// finding is a violation and the strategy that found it.
type finding[O any] struct {
	attempt[O]
	strategy string
}

// tryFunc runs a case under a strategy, and shows the attempt to visit.
type tryFunc[O any] func(name string, s sched.Strategy, visit func(*attempt[O])) (*finding[O], error)

// search looks for a schedule on which w fails, in the order that finds most
// bugs soonest: the default one, single deviations from it, samples by POS and
// PCT, then all there are, if they are few, and plain goroutines. It stops at the first violation (by the named
// checker, unless that is empty). visit sees every attempt.
//
// The schedules tried depend on w, seed and budget alone.
func (p *engine[W, O]) search(ctx context.Context, w W, seed uint64, b Budget, checker string, visit func(*attempt[O])) (*finding[O], error) {
	var try tryFunc[O] = func(name string, s sched.Strategy, visit func(*attempt[O])) (*finding[O], error) {
		a, err := p.run(ctx, w, s)
		if err != nil {
			return nil, err
		}
		a.strategy = name
		visit(&a)
		if a.failed(checker) {
			return &finding[O]{a.detach(), name}, nil
		}
		return nil, nil
	}
	p.covered = false
	if b.Strategy != "" {
		return p.searchBy(ctx, w, seed, b, checker, visit)
	}
	var steps int
	var singles []trace.Deviation
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	f, err := try("default", sched.Default(), func(a *attempt[O]) {
		visit(a)
		steps = len(a.record.Steps)
		singles = sampleDeviations(a.record, b.Single, rng)
	})
	if f != nil || err != nil || p.Unscheduled {
		return f, err
	}
	for _, d := range singles {
		if f, err := try("single deviation", sched.Deviate([]trace.Deviation{d}), visit); f != nil || err != nil {
			return f, err
		}
	}
	for i := range b.Random {
		name, s := sampled(i, rng.Uint64(), steps)
		if f, err := try(name, s, visit); f != nil || err != nil {
			return f, err
		}
	}
	if f, err := p.exhaust(steps, b.Exhaustive, visit, try); f != nil || err != nil {
		return f, err
	}
	if p.Real == nil || !p.Real(w) {
		return nil, nil
	}
	for range b.Real {
		a, err := p.runReal(ctx, w, rng.Uint64())
		if err != nil {
			return nil, err
		}
		a.strategy = "real goroutines"
		visit(&a)
		if a.failed(checker) {
			return &finding[O]{a, a.strategy}, nil
		}
	}
	return nil, nil
}

// sampled returns the i-th sampled strategy: of ten, seven are POS, two PCT of
// depth 3, one PCT of depth 6.
func sampled(i int, seed uint64, steps int) (string, sched.Strategy) {
	switch i % 10 {
	case 3, 8:
		return "PCT depth 3", sched.PCT(seed, 3, steps)
	case 6:
		return "PCT depth 6", sched.PCT(seed, 6, steps)
	default:
		return "POS", sched.POS(seed)
	}
}

// sampleDeviations returns all single deviations from base if there are at most
// n, else n of them, evenly spread over the run from a random offset.
func sampleDeviations(base *sched.Record, n int, rng *rand.Rand) []trace.Deviation {
	var all []trace.Deviation
	for d := range sched.SingleDeviations(*base) {
		all = append(all, d)
	}
	if n <= 0 || len(all) <= n {
		return all[:min(len(all), max(n, 0))]
	}
	out := make([]trace.Deviation, n)
	offset := rng.Float64()
	stride := float64(len(all)) / float64(n)
	for i := range out {
		out[i] = all[int((float64(i)+offset)*stride)]
	}
	return out
}
