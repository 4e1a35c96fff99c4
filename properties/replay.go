package properties

import (
	"context"
	"fmt"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Replay is what happened when a counterexample was run again.
type Replay struct {
	// Reproduced says that the same checker found a violation again.
	Reproduced bool
	Checker    string
	Verdict    checkers.Verdict
	Because    *Cause // what was wrong first, if that is known, and something else
	Story      []string
	Runs       int // 1, or more for a case without a schedule, or with a stale one; 0 if the system could not be run
	Stress     int // of these, those of a case that is not under control: they are on no schedule
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
	Waits   []Wait // of the tasks that were left, if the violation is that they wait for ever
	// Workload and Observation are what was run and what it showed, for those who know
	// their types; nil if another process replayed it.
	Workload    any `json:"-"`
	Observation any `json:"-"`
}

// Name is the name of a task for a reader.
func (r *Replay) Name(task int32) string { return (&sched.Record{Tasks: r.Tasks}).Name(task) }

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
	defer p.apart()()
	e := p.freshFor(c)
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
	if a.unavailable == "" {
		r.Runs = 1
	}
	if a.record != nil { // it has ended
		r.Steps, r.Tasks = a.record.Steps, a.record.Tasks
	}
	return r, nil
}

// refresh searches the workload of a stale counterexample anew.
func (e *engine[W, O]) refresh(ctx context.Context, c *Counterexample, w W, why string) (Replay, error) {
	var tried trials[O]
	f, err := e.search(ctx, w, replaySeed, DefaultBudget, c.Checker, tried.add)
	if err != nil {
		return Replay{}, err
	}
	anew := e.replayed(ctx, c, w, &tried.telling)
	anew.Stale = why
	if anew.Verdict.Status != checkers.Fail {
		anew.Story = nil // there is nothing to tell of
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
	anew.Runs, anew.Stress = tried.runs, tried.stress
	return anew, nil
}

// trials are the runs in which a replay has looked for a failure.
type trials[O any] struct {
	tries        int // of runs; in those that are none the system could not be run
	runs, stress int
	telling      attempt[O] // the first that failed, be it otherwise; else the first that was undecided; else the first
}

func (t *trials[O]) add(a *attempt[O]) {
	weight := map[checkers.Status]int{checkers.Unknown: 1, checkers.Fail: 2}
	if t.tries++; a.unavailable == "" {
		t.runs++
		if a.strategy == byStress {
			t.stress++
		}
	}
	if t.tries == 1 || weight[a.verdict.Status] > weight[t.telling.verdict.Status] {
		t.telling = a.detach()
	}
}

// replayAnew looks for the failure of a case without a schedule.
func (e *engine[W, O]) replayAnew(ctx context.Context, c *Counterexample, w W) (Replay, error) {
	var tried trials[O]
	told := func(a *attempt[O]) Replay {
		r := e.replayed(ctx, c, w, a)
		r.Compare(c, e.System.Name(), false, Exactly)
		r.Runs, r.Stress = tried.runs, tried.stress
		return r
	}
	if e.Real != nil && e.Real(w) {
		again, err := e.replayReal(ctx, c, w, &tried)
		switch {
		case err != nil:
			return Replay{}, err
		case again != nil:
			return told(again), nil
		case ctx.Err() != nil || e.hung || e.Hosted: // and what is hosted has no schedules
			return told(&tried.telling), nil
		}
	}
	b := DefaultBudget
	b.Real = 0
	f, err := e.search(ctx, w, replaySeed, b, c.Checker, tried.add)
	switch {
	case err != nil:
		return Replay{}, err
	case f != nil:
		return told(&f.attempt), nil
	}
	return told(&tried.telling), nil
}

// replayReal runs the workload on plain goroutines, until it fails as c says, or so often that it would have. It returns the run that did.
func (e *engine[W, O]) replayReal(ctx context.Context, c *Counterexample, w W, tried *trials[O]) (*attempt[O], error) {
	runs, strategy := realReplays, byGoroutines
	if c.Runs > 0 {
		runs = rate{c.Hits, c.Runs}.needed()
	}
	if _, uncontrolled := e.System.(executor.Uncontrolled); uncontrolled || e.Hosted {
		strategy = byStress
	}
	for i := range runs {
		a, err := e.runReal(ctx, w, uint64(i))
		if err != nil {
			return nil, err
		}
		a.strategy = strategy
		tried.add(&a)
		if a.failed(c.Checker) {
			return &a, nil
		}
		if ctx.Err() != nil || e.hung {
			break
		}
	}
	return nil, nil
}

// refreshRuns bounds the runs in which the schedule of a refreshed counterexample is minimised.
const refreshRuns = 1000

func (p *engine[W, O]) replayed(ctx context.Context, c *Counterexample, w W, a *attempt[O]) Replay {
	p.diagnose(w, a)
	return Replay{
		Reproduced: a.failed(c.Checker),
		Checker:    a.checker,
		Verdict:    a.verdict,
		Because:    p.because(w, a),
		Story:      p.story(ctx, w, a),
		Waits:      p.waits(ctx, w, a),

		Workload: w, Observation: a.observation,
	}
}

// because is what was wrong first in a run that failed, if that is known, and something else than its verdict says.
func (p *engine[W, O]) because(w W, a *attempt[O]) *Cause {
	if a.verdict.Status != checkers.Fail {
		return nil
	}
	return p.causeOf(w, a.checker, a.observation).but(a.checker, a.verdict.Rule)
}

// counterexample makes a file of a shrunk case.
func (p *engine[W, O]) counterexample(ctx context.Context, w W, a *attempt[O]) (*Counterexample, error) {
	p.diagnose(w, a)
	files, err := p.Codec.Format(w)
	if err != nil {
		return nil, fmt.Errorf("%s: the workload has no text form: %w", p.ID, err)
	}
	c := &Counterexample{
		Property: p.ID, System: p.System.Name(),
		Checker: a.checker, Rule: a.verdict.Rule, Reason: a.verdict.Reason, Evidence: a.verdict.Evidence,
		Because: p.because(w, a), Story: p.story(ctx, w, a), Workload: files,
	}
	if a.record != nil && !p.Unscheduled {
		c.Schedule = &a.record.Schedule
	}
	return c, nil
}
