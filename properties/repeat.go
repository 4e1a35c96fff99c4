package properties

import (
	"context"
	"fmt"

	"synchrony/executor/sched"
)

// repeats is how often a failure that does not come each time is repeated, to say how often
// it does.
const repeats = 20

// repeat replays what was saved. A finding that does not fail again is one all the same: it
// says then how often it did.
func (p *engine[W, O]) repeat(ctx context.Context, c *Counterexample, f *Failure, differs string) error {
	rep, err := p.replay(ctx, c)
	if err != nil {
		return fmt.Errorf("%s: its own counterexample cannot be replayed: %w", p.ID, err)
	}
	f.Differs = differs
	if rep.Stale != "" && differs == "" {
		f.Differs = "the system does not do the same on the same schedule: " + rep.Stale
	}
	f.Replayed = rep.Reproduced && rep.Stale == ""
	if f.Replayed && c.Schedule != nil && f.Differs == "" {
		return nil
	}
	var unavailable string
	f.Hits, f.Runs, unavailable, err = p.rate(ctx, c)
	switch {
	case rep.Runs+f.Runs > 0:
	case ctx.Err() != nil:
		f.NotRepeated = Interrupted
	default:
		f.NotRepeated = unavailable
	}
	return err
}

// Interrupted is why nothing was run again after an interrupt.
const Interrupted = "the run was interrupted"

// rate runs a counterexample a number of times, and counts in how many of them it fails: on its
// schedule if it has one, and else as it comes. A repeat that the system could not be run for is none; unavailable is why, of the last.
func (p *engine[W, O]) rate(ctx context.Context, c *Counterexample) (hits, runs int, unavailable string, err error) {
	w, err := p.Codec.Parse(c.Workload)
	if err != nil {
		return 0, 0, "", err
	}
	defer p.apart()()
	e := p.freshFor(c)
	steps := 0 // of the first run
	for i := 0; i < repeats && ctx.Err() == nil; i++ {
		a, err := e.again(ctx, c, w, i, steps)
		switch {
		case err != nil:
			return hits, runs, unavailable, err
		case a.unavailable != "":
			unavailable = a.unavailable
			continue
		}
		if runs == 0 && a.record != nil {
			steps = len(a.record.Steps)
		}
		runs++
		if a.failed(c.Checker) {
			hits++
		}
	}
	return hits, runs, unavailable, nil
}

// again runs w once more; i is how often it was before, and steps how many the first of these took.
func (e *engine[W, O]) again(ctx context.Context, c *Counterexample, w W, i, steps int) (attempt[O], error) {
	switch {
	case c.Schedule != nil:
		return e.run(ctx, w, sched.Deviate(c.Schedule.Deviations))
	case e.Real != nil && e.Real(w):
		return e.runReal(ctx, w, uint64(i))
	case i == 0:
		return e.run(ctx, w, sched.Default())
	default:
		return e.run(ctx, w, sampled(mixed(i), uint64(i), steps))
	}
}
