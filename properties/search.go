package properties

import (
	"context"
	"math/rand/v2"

	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// finding is a violation and the strategy that found it.
type finding[O any] struct {
	attempt[O]
	strategy string
}

// noteFunc shows an attempt to who wants to see all, and returns what it found, if it did.
type noteFunc[O any] func(strategy string, a *attempt[O]) *finding[O]

// search looks for a schedule on which w fails, in the order that finds most
// bugs soonest: the default one, single deviations from it, samples by POS and
// PCT, then all there are, if they are few, and plain goroutines. It stops at the first violation (by the named
// checker, unless that is empty). visit sees every attempt.
//
// The schedules tried depend on w, seed and budget alone.
func (p *engine[W, O]) search(ctx context.Context, w W, seed uint64, b Budget, checker string, visit func(*attempt[O])) (*finding[O], error) {
	p.covered, p.idle, p.uncontrolled = false, false, ""
	note := func(strategy string, a *attempt[O]) *finding[O] {
		a.strategy = strategy
		visit(a)
		if a.failed(checker) {
			return &finding[O]{a.detach(), strategy}
		}
		return nil
	}
	large := p.Large != nil && p.Large(w)
	if large {
		b = b.once()
	}
	var base *control
	if !large {
		var err error
		if base, err = p.base(ctx, w); err != nil {
			return nil, err
		}
	}
	a, err := p.first(ctx, w, base)
	if err != nil {
		return nil, err
	}
	switch {
	case a.hung:
		return note(byStress, &a), nil
	case a.unavailable != "":
		if base != nil {
			p.uncontrolled = base.said
		}
		return note(byDefault, &a), nil
	}
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	steps, singles := len(a.record.Steps), sampleDeviations(a.record, b.Single, rng)
	if base != nil {
		p.idle, p.uncontrolled = base.idle(), base.lost(a.record)
	}
	if p.idle || p.uncontrolled != "" {
		if p.Hosted && p.uncontrolled != "" {
			return p.stress(ctx, w, steps, b, rng, note) // what some of its goroutines do under the scheduler means nothing
		}
		if f := note(byStress, &a); f != nil {
			if p.uncontrolled != "" {
				f.record = nil // on this schedule it may do something else
			}
			return f, nil
		}
		return p.stress(ctx, w, steps, b, rng, note)
	}
	if f := note(byDefault, &a); f != nil || p.Unscheduled {
		return f, nil
	}
	try := func(strategy string, s sched.Strategy) (f *finding[O], over bool, err error) {
		a, err := p.run(ctx, w, s)
		if err != nil {
			return nil, true, err
		}
		f = note(strategy, &a)
		return f, f != nil || a.final(), nil
	}
	for _, d := range singles {
		if f, over, err := try(bySingle, sched.Deviate([]schedule.Deviation{d})); over {
			return f, err
		}
	}
	for i := range b.Random {
		strategy := b.Sampling
		if strategy == "" {
			strategy = mixed(i)
		}
		if f, over, err := try(strategy, sampled(strategy, rng.Uint64(), steps)); over {
			return f, err
		}
	}
	if f, over, err := p.exhaust(ctx, w, steps, b, note); over {
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
		if f := note(byGoroutines, &a); f != nil || a.final() {
			return f, nil
		}
	}
	return nil, nil
}

// first is the first run of a case that counts: on the default schedule, unless it is known that this does not end, or cannot be.
func (p *engine[W, O]) first(ctx context.Context, w W, base *control) (attempt[O], error) {
	if base != nil && base.none {
		return p.last, nil
	}
	return p.run(ctx, w, sched.Default())
}

// once is the budget of a large case. Plain goroutines are left out: they pause at random, again and again, which takes longer than all else.
func (b Budget) once() Budget {
	b.Single, b.Exhaustive, b.Random, b.Real = 0, 0, min(b.Random, 1), 0
	return b
}

// base probes a case whose schedules are to be searched.
func (p *engine[W, O]) base(ctx context.Context, w W) (*control, error) {
	if p.Unscheduled {
		return nil, nil
	}
	if u, ok := p.System.(executor.Uncontrolled); ok {
		return &control{said: u.WhyUncontrolled()}, nil
	}
	c, err := p.probe(ctx, w)
	return &c, err
}

// sampleDeviations returns all single deviations from base if there are at most
// n, else n of them, evenly spread over the run from a random offset.
func sampleDeviations(base *sched.Record, n int, rng *rand.Rand) []schedule.Deviation {
	if n <= 0 {
		return nil
	}
	var all []schedule.Deviation
	for d := range sched.SingleDeviations(*base) {
		all = append(all, d)
	}
	if len(all) <= n {
		return all
	}
	out := make([]schedule.Deviation, n)
	offset := rng.Float64()
	stride := float64(len(all)) / float64(n)
	for i := range out {
		out[i] = all[int((float64(i)+offset)*stride)]
	}
	return out
}
