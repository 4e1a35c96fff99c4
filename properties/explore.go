package properties

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/executor/sched"
)

// ExploreSpec says which cases to explore, one after another, and how far each. The same
// ExploreSpec gives the same Exploration, but for times and unless a deadline ends it.
type ExploreSpec struct {
	Cases  [][]txtar.File `json:"cases"`  // text forms of workloads
	Bounds sched.Bounds   `json:"bounds"` // of each case
	Corpus string         `json:"corpus"` // folder to save a counterexample in; empty for none
	// Program is as of [Spec].
	Program string `json:"program,omitempty"`
	// Part and Parts explore one of several parts of each case: see [sched.Explorer.Split].
	// Parts of 0 is all of it.
	Part  int `json:"part"`
	Parts int `json:"parts"`
	// Outcomes asks for the outcomes of the cases, of which there should be one.
	Outcomes bool `json:"outcomes,omitempty"`
	// State goes on with the first case from where an earlier exploration stopped.
	State string `json:"state,omitempty"`
	// Deadline ends the exploration early if it is not zero.
	Deadline time.Time `json:"deadline,omitzero"`
}

// Exploration is what exploring cases showed. Explorations of disjoint cases add up.
type Exploration struct {
	Cases     int    `json:"cases"`     // explored, up to the bounds at least
	Complete  int    `json:"complete"`  // of these, the ones of which every schedule is covered
	Schedules int    `json:"schedules"` // run
	Traces    int    `json:"traces"`    // that differ in more than the order of independent steps
	Unknown   int    `json:"unknown"`   // schedules that a checker could not judge
	UnknownBy string `json:"unknownReason,omitempty"`
	// Uncontrolled is how many cases were not under control, for the reason given of the first: they have no
	// schedules to be run, and none is complete. They were run as they come, Stress times in all.
	Uncontrolled   int      `json:"uncontrolled,omitempty"`
	UncontrolledBy string   `json:"uncontrolledReason,omitempty"`
	Stress         int      `json:"stress,omitempty"`
	Outcomes       Outcomes `json:"outcomes,omitzero"` // of the cases, if they were asked for

	Failure *Failure `json:"failure,omitempty"` // of the case after those counted; it ends the exploration

	// Suspended is the case after those counted, if it was begun and not finished.
	Suspended *Suspended `json:"suspended,omitempty"`
	Seconds   float64    `json:"seconds"`
}

// Suspended is a case whose exploration stopped early.
type Suspended struct {
	State     string  `json:"state"`     // for ExploreSpec, to go on
	Schedules int     `json:"schedules"` // run so far
	Traces    int     `json:"traces"`    // of these
	Done      float64 `json:"done"`      // about how much of all is covered, from 0 to 1
}

// Add adds the exploration of further cases.
func (e *Exploration) Add(o Exploration) {
	e.Cases += o.Cases
	e.Complete += o.Complete
	e.Schedules += o.Schedules
	e.Traces += o.Traces
	e.Unknown += o.Unknown
	if e.UnknownBy == "" {
		e.UnknownBy = o.UnknownBy
	}
	e.Uncontrolled += o.Uncontrolled
	if e.UncontrolledBy == "" {
		e.UncontrolledBy = o.UncontrolledBy
	}
	e.Stress += o.Stress
	e.Outcomes.merge(o.Outcomes)
	e.Failure, e.Suspended = o.Failure, o.Suspended
	e.Seconds += o.Seconds
}

// exploration is one under way.
type exploration[W, O any] struct {
	began    time.Time
	p        *Property[W, O]
	engine   engine[W, O]
	spec     ExploreSpec
	result   Exploration
	outcomes tally
}

// Explore runs every schedule of each case, up to the order of independent steps, and
// judges each. It stops at the first violation, whose schedule it minimises, and early
// when ctx is done or the deadline has passed, with what it has. Progress is reported by
// calls one at a time, from whatever goroutine. An error means that a
// case is malformed, or that the harness broke.
func (p *Property[W, O]) Explore(ctx context.Context, spec ExploreSpec, progress func(Progress)) (Exploration, error) {
	p, err := p.complete()
	if err != nil {
		return Exploration{}, err
	}
	x := &exploration[W, O]{began: time.Now(), p: p, engine: engine[W, O]{Property: p, program: spec.Program, pulse: newPulse(progress)}, spec: spec}
	defer x.engine.pulse.end()
	for i := 0; i < len(spec.Cases) && err == nil && x.result.Failure == nil && x.result.Suspended == nil && !x.over(ctx); i++ {
		err = x.explore(ctx, i)
	}
	x.result.Outcomes = x.outcomes.sorted()
	x.result.Seconds = time.Since(x.began).Seconds()
	return x.result, err
}

func (x *exploration[W, O]) over(ctx context.Context) bool {
	return ctx.Err() != nil || (!x.spec.Deadline.IsZero() && time.Now().After(x.spec.Deadline))
}

// explore explores case i.
func (x *exploration[W, O]) explore(ctx context.Context, i int) error {
	w, err := x.p.Codec.Parse(x.spec.Cases[i])
	if err != nil {
		return fmt.Errorf("case %d: %w", i, err)
	}
	x.report(i, 0)
	e := sched.NewExplorer(x.engine.options(), x.spec.Bounds)
	if x.spec.Parts > 0 {
		e = e.Split(x.spec.Parts)[x.spec.Part]
	}
	switch resumed := i == 0 && x.spec.State != ""; {
	case resumed:
		if err := e.Resume([]byte(x.spec.State)); err != nil {
			return err
		}
	case x.spec.Parts == 0: // a case is divided only after it was tried whole
		if lost, err := x.uncontrolled(ctx, i, w); lost || err != nil {
			return err
		}
	}
	return x.schedules(ctx, i, w, e)
}

// schedules runs the schedules of case i that e asks for.
func (x *exploration[W, O]) schedules(ctx context.Context, i int, w W, e *sched.Explorer) error {
	before, ran := x.result, e.Coverage().Schedules
	for a, err := range x.engine.schedules(ctx, w, e) {
		var strayed *sched.NondeterminismError
		if errors.As(err, &strayed) {
			x.result = before
			return x.stray(ctx, i, w, a.detach(), e.Coverage().Schedules+1, strayed.Error())
		}
		if err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
		c := e.Coverage()
		if x.spec.Outcomes && x.p.Outcome != nil && c.Schedules > ran && !a.stuck() { // else it was run for another part
			x.outcomes.count(x.p.Outcome(w, a.observation))
		}
		ran = c.Schedules
		x.result.Schedules, x.result.Traces = before.Schedules+c.Schedules, before.Traces+c.Traces
		if a.verdict.Status == 0 {
			x.unknown(a)
		}
		if a.unavailable != "" {
			break
		}
		if a.failed("") {
			return x.failure(ctx, i, w, finding[O]{a.detach(), "exploration"})
		}
		if x.engine.pulse.due() {
			x.report(i, c.Done)
		}
		if !c.Complete && x.over(ctx) {
			x.result.Schedules, x.result.Traces = before.Schedules, before.Traces
			return x.suspend(e)
		}
	}
	c := e.Coverage()
	x.result.Schedules, x.result.Traces = before.Schedules+c.Schedules, before.Traces+c.Traces
	x.result.Cases++
	if c.Complete {
		x.result.Complete++
	}
	return nil
}

// suspend notes where to go on.
func (x *exploration[W, O]) suspend(e *sched.Explorer) error {
	state, err := e.MarshalText()
	c := e.Coverage()
	x.result.Suspended = &Suspended{State: string(state), Schedules: c.Schedules, Traces: c.Traces, Done: c.Done}
	return err
}

func (x *exploration[W, O]) report(i int, done float64) {
	x.engine.pulse.report(Progress{Property: x.p.ID, Case: i, Schedules: x.result.Schedules, Phase: PhaseExploring, Done: done})
}

func (x *exploration[W, O]) unknown(a *attempt[O]) {
	x.result.Unknown++
	if x.result.UnknownBy == "" {
		x.result.UnknownBy = a.checker + ": " + a.verdict.Reason
	}
}

// uncontrolled reports whether case i is not under control. Then it was run as it comes.
func (x *exploration[W, O]) uncontrolled(ctx context.Context, i int, w W) (bool, error) {
	x.engine.idle = false
	base, err := x.engine.base(ctx, w)
	if base == nil || err != nil {
		return false, err
	}
	a, err := x.engine.first(ctx, w, base)
	if err != nil {
		return false, err
	}
	if a.unavailable != "" {
		x.unknown(&a)
		x.result.Cases++
		return true, nil
	}
	switch why := base.lost(a.record); {
	case why != "":
		return true, x.stray(ctx, i, w, a.detach(), 1, why)
	case base.idle():
		x.engine.idle = true
		return true, x.stray(ctx, i, w, a.detach(), 1, "it took no step on the runtime"+nothingChosen)
	}
	return false, nil
}

// stray runs case i, which is not under control, as it comes. It was run before, the last time with a.
func (x *exploration[W, O]) stray(ctx context.Context, i int, w W, a attempt[O], runs int, why string) error {
	x.result.Uncontrolled++
	if x.result.UncontrolledBy == "" {
		x.result.UncontrolledBy = why
	}
	x.result.Stress += runs
	note := func(_ string, a *attempt[O]) *finding[O] {
		if x.engine.pulse.due() {
			x.report(i, 0)
		}
		if a.verdict.Status == 0 {
			x.unknown(a)
		}
		if !a.failed("") {
			return nil
		}
		found := a.detach()
		if !x.engine.idle {
			found.record = nil // on this schedule it may do something else
		}
		return &finding[O]{found, byStress}
	}
	steps := 0
	if a.record != nil {
		steps = len(a.record.Steps)
	}
	f := note(byStress, &a)
	if f == nil {
		var err error
		f, err = x.engine.stress(ctx, w, steps, DefaultBudget, rand.New(rand.NewPCG(replaySeed, 0x5eed)), func(strategy string, a *attempt[O]) *finding[O] {
			if a.unavailable == "" {
				x.result.Stress++
			}
			return note(strategy, a)
		})
		if err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
	}
	if f != nil {
		return x.failure(ctx, i, w, *f)
	}
	x.result.Cases++
	return nil
}

// failure minimises the schedule of a violation, until there is no more time, saves and replays it.
func (x *exploration[W, O]) failure(ctx context.Context, i int, w W, found finding[O]) error {
	after := time.Since(x.began)
	small := shrunk[W, O]{workload: w, finding: found}
	if err := x.engine.minimiseSchedule(ctx, &small, func() bool { return x.over(ctx) }); err != nil {
		return err
	}
	f, err := x.engine.saved(ctx, &small, x.spec.Corpus)
	f.Case, f.Found, f.Shrunk = i, after.Seconds(), (time.Since(x.began) - after).Seconds()
	x.result.Failure = &f
	return err
}
