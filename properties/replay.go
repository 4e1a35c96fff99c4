package properties

import (
	"context"
	"fmt"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Replay is what happened when a counterexample was run again.
type Replay struct {
	// Reproduced says that the same checker found a violation again.
	Reproduced bool
	Checker    string
	Verdict    checkers.Verdict
	Story      []string
	Runs       int // 1, or more for a case without a schedule, or with a stale one
	// Stale is why the recorded schedule does not fit: the code under test, or the scheduler's
	// hooks, have changed since. The workload was searched anew then, and Refreshed is what the
	// file should say now, if that failed.
	Stale     string
	Refreshed *Counterexample
	// Differs is what the file says of the violation that the replay found and that the replay does not show. A stale file is not compared, and one
	// without a schedule up to its reason only: what else it says may be another from run to run.
	Differs []Difference
	Steps   []schedule.Step
	Tasks   []string
	// Workload and Observation are what was run and what it showed, for those who know
	// their types; nil if another process replayed it.
	Workload    any `json:"-"`
	Observation any `json:"-"`
}

// replaySeed is the seed of schedules searched for a case that left none.
const replaySeed = 1

// realReplays is how often a case without a schedule is run before it is said
// not to reproduce, unless its file says how often it fails.
const realReplays = 200

// Replay runs c once on its schedule. If it has none, because it failed on plain
// goroutines or its process died, it runs up to 200 times on plain goroutines if it
// may, and then on schedules searched anew; likewise if its schedule no longer fits.
func (p *Property[W, O]) Replay(ctx context.Context, c *Counterexample) (Replay, error) {
	p, err := p.complete()
	if err != nil {
		return Replay{}, err
	}
	e := engine[W, O]{Property: p}
	return e.replay(ctx, c)
}

// replay is Replay, on an engine of its own.
func (p *engine[W, O]) replay(ctx context.Context, c *Counterexample) (Replay, error) {
	w, err := p.Codec.Parse(c.Workload)
	if err != nil {
		return Replay{}, err
	}
	e := p.fresh()
	if c.Schedule == nil && !p.Unscheduled {
		return e.replayAnew(ctx, c, w)
	}
	var schedule schedule.Schedule
	if c.Schedule != nil {
		schedule = *c.Schedule
	}
	a, err := e.run(ctx, w, sched.Replay(schedule))
	if err != nil {
		return Replay{}, err
	}
	if s := a.ended(); s != nil && s.Kind == sched.Stale {
		return e.refresh(ctx, c, w, s.Detail)
	}
	r := e.replayed(ctx, c, w, &a)
	r.Compare(c, p.System.Name(), true, Exactly)
	r.Runs = 1
	if a.record != nil { // it has ended
		r.Steps, r.Tasks = a.record.Steps, a.record.Tasks
	}
	return r, nil
}

// refresh searches the workload of a stale counterexample anew.
func (e *engine[W, O]) refresh(ctx context.Context, c *Counterexample, w W, why string) (Replay, error) {
	anew, runs := Replay{Stale: why}, 0
	f, err := e.search(ctx, w, replaySeed, DefaultBudget, c.Checker, func(a *attempt[O]) {
		if runs == 0 || a.verdict.Status == checkers.Unknown { // what the search comes to, unless it fails
			anew.Checker, anew.Verdict = a.checker, a.verdict
		}
		runs++
	})
	if err != nil {
		return Replay{}, err
	}
	if f != nil {
		small := shrunk[W, O]{workload: w, finding: *f}
		if err := e.minimiseSchedule(ctx, &small, func() bool { return small.runs > refreshRuns }); err != nil {
			return Replay{}, err
		}
		a := &small.finding.attempt
		anew = e.replayed(ctx, c, w, a)
		anew.Stale = why
		if anew.Refreshed, err = e.counterexample(ctx, w, a); err != nil {
			return Replay{}, err
		}
		anew.Refreshed.Program = c.Program
		if a.record != nil {
			anew.Steps, anew.Tasks = a.record.Steps, a.record.Tasks
		}
	}
	anew.Runs = runs
	return anew, nil
}

// replayAnew looks for the failure of a case without a schedule.
func (e *engine[W, O]) replayAnew(ctx context.Context, c *Counterexample, w W) (Replay, error) {
	var r Replay
	if e.Real != nil && e.Real(w) {
		runs := realReplays
		if c.Runs > 0 {
			runs = rate{c.Hits, c.Runs}.needed()
		}
		for i := range runs {
			a, err := e.runReal(ctx, w, uint64(i))
			if err != nil {
				return Replay{}, err
			}
			r = e.replayed(ctx, c, w, &a)
			r.Compare(c, e.System.Name(), false, Exactly)
			r.Runs = i + 1
			if r.Reproduced || ctx.Err() != nil || e.hung {
				return r, nil
			}
		}
		if e.Hosted { // it has no schedules
			return r, nil
		}
	}
	b, runs := DefaultBudget, r.Runs
	b.Real = 0
	f, err := e.search(ctx, w, replaySeed, b, c.Checker, func(a *attempt[O]) {
		runs++
		if r.Runs == 0 { // nothing to show yet
			r = e.replayed(ctx, c, w, a)
		}
		r.Runs = runs
	})
	if err != nil {
		return Replay{}, err
	}
	if f != nil {
		r = e.replayed(ctx, c, w, &f.attempt)
		r.Compare(c, e.System.Name(), false, Exactly)
		r.Runs = runs
	}
	return r, nil
}

// refreshRuns bounds the runs in which the schedule of a refreshed counterexample is minimised.
const refreshRuns = 1000

func (p *engine[W, O]) replayed(ctx context.Context, c *Counterexample, w W, a *attempt[O]) Replay {
	return Replay{
		Reproduced: a.failed(c.Checker),
		Checker:    a.checker,
		Verdict:    a.verdict,
		Story:      p.story(ctx, w, a),

		Workload: w, Observation: a.observation,
	}
}

// counterexample makes a file of a shrunk case.
func (p *engine[W, O]) counterexample(ctx context.Context, w W, a *attempt[O]) (*Counterexample, error) {
	files, err := p.Codec.Format(w)
	if err != nil {
		return nil, fmt.Errorf("%s: the workload has no text form: %w", p.ID, err)
	}
	c := &Counterexample{
		Property: p.ID, System: p.System.Name(),
		Checker: a.checker, Rule: a.verdict.Rule, Reason: a.verdict.Reason, Evidence: a.verdict.Evidence,
		Story: p.story(ctx, w, a), Workload: files,
	}
	if a.record != nil && !p.Unscheduled {
		c.Schedule = &a.record.Schedule
	}
	return c, nil
}
