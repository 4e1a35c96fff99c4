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
	f.Hits, f.Runs, err = p.rate(ctx, c)
	return err
}

// rate runs a counterexample a number of times, and counts in how many of them it fails: on its
// schedule if it has one, and else as it comes.
func (p *engine[W, O]) rate(ctx context.Context, c *Counterexample) (hits, runs int, err error) {
	w, err := p.Codec.Parse(c.Workload)
	if err != nil {
		return 0, 0, err
	}
	e := p.fresh()
	steps := 0 // of the first run
	for runs < repeats && ctx.Err() == nil {
		a, err := e.again(ctx, c, w, runs, steps)
		if err != nil {
			return hits, runs, err
		}
		if runs == 0 && a.record != nil {
			steps = len(a.record.Steps)
		}
		runs++
		if a.failed(c.Checker) {
			hits++
		}
	}
	return hits, runs, nil
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
