package properties

import (
	"context"
	"errors"
	"iter"

	"synchrony/executor/sched"
)

// schedules runs w on each schedule that e asks for, until all are covered, or nobody listens
// any more; one that the system could not run on is none of them. An error, of the run or a [*sched.NondeterminismError], is the last it yields.
func (p *engine[W, O]) schedules(ctx context.Context, w W, e *sched.Explorer) iter.Seq2[*attempt[O], error] {
	return func(yield func(*attempt[O], error) bool) {
		for s, ok := e.Next(); ok; s, ok = e.Next() {
			a, err := p.run(ctx, w, s)
			if err == nil && a.unavailable == "" {
				err = e.Ran(a.record)
			}
			if !yield(&a, err) || err != nil {
				return
			}
		}
	}
}

// shortRun is how many steps a run has at most of which every schedule is tried: what takes more has too many.
const shortRun = 2000

// hopeful is after how many schedules it shows whether a case is small enough for all of them.
const hopeful = 4

// exhaust tries every schedule of a case, whose default run took so many steps, up to the order
// of steps that commute, if there are no more than b.Exhaustive; it gives up as soon as there seem
// to be, unless b.Partial. p.covered tells whether all were tried, and none failed; over, that nothing more is to be run of the case.
func (p *engine[W, O]) exhaust(ctx context.Context, w W, steps int, b Budget, note noteFunc[O]) (f *finding[O], over bool, err error) {
	if b.Exhaustive <= 0 || steps > shortRun {
		return nil, false, nil
	}
	e := sched.NewExplorer(p.options(), sched.Bounds{Preemptions: sched.Unbounded, Schedules: b.Exhaustive})
	for a, err := range p.schedules(ctx, w, e) {
		var strayed *sched.NondeterminismError
		if err != nil && !errors.As(err, &strayed) {
			return nil, true, err
		}
		if f := note(byDPOR, a); f != nil || a.final() {
			return f, true, nil
		}
		if strayed != nil { // it does not do the same on the same schedule: whoever replays it will hear of that
			return nil, false, nil
		}
		if c := e.Coverage(); !b.Partial && c.Schedules >= hopeful && c.Estimate() > float64(b.Exhaustive) {
			return nil, false, nil
		}
	}
	p.covered = e.Coverage().Complete
	return nil, false, nil
}
