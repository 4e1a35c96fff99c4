package properties

import (
	"context"
	"fmt"
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
	// Part and Parts explore one of several parts of each case: see [sched.Explorer.Split].
	// Parts of 0 is all of it.
	Part  int `json:"part"`
	Parts int `json:"parts"`
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
	progress func(Progress)
	lastSign time.Time
}

// Explore runs every schedule of each case, up to the order of independent steps, and
// judges each. It stops at the first violation, whose schedule it minimises, and early
// when ctx is done or the deadline has passed, with what it has. An error means that a
// case is malformed, or that the harness broke.
func (p *Property[W, O]) Explore(ctx context.Context, spec ExploreSpec, progress func(Progress)) (Exploration, error) {
	x := &exploration[W, O]{began: time.Now(), p: p, engine: engine[W, O]{Property: p}, spec: spec, progress: progress}
	if progress == nil {
		x.progress = func(Progress) {}
	}
	var err error
	for i := 0; i < len(spec.Cases) && err == nil && x.result.Failure == nil && x.result.Suspended == nil && !x.over(ctx); i++ {
		err = x.explore(ctx, i)
	}
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
	if i == 0 && x.spec.State != "" {
		if err := e.UnmarshalText([]byte(x.spec.State)); err != nil {
			return err
		}
	}
	before := x.result
	count := func() {
		c := e.Coverage()
		x.result.Schedules, x.result.Traces = before.Schedules+c.Schedules, before.Traces+c.Traces
	}
	for a, err := range x.engine.schedules(ctx, w, e) {
		if err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
		if a.verdict.Status == 0 {
			x.unknown(a)
		}
		if a.failed("") {
			count()
			return x.failure(ctx, i, w, a.detach())
		}
		if time.Since(x.lastSign) >= signInterval {
			count()
			x.report(i, e.Coverage().Done)
			if x.over(ctx) {
				x.result.Schedules, x.result.Traces = before.Schedules, before.Traces
				return x.suspend(e)
			}
		}
	}
	count()
	x.result.Cases++
	if e.Coverage().Complete {
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
	x.lastSign = time.Now()
	x.progress(Progress{Property: x.p.ID, Case: i, Schedules: x.result.Schedules, Phase: PhaseExploring, Done: done})
}

func (x *exploration[W, O]) unknown(a *attempt[O]) {
	x.result.Unknown++
	if x.result.UnknownBy == "" {
		x.result.UnknownBy = a.checker + ": " + a.verdict.Reason
	}
}

// failure minimises the schedule of a violation, saves and replays it.
func (x *exploration[W, O]) failure(ctx context.Context, i int, w W, a attempt[O]) error {
	found := time.Since(x.began)
	small := shrunk[W, O]{workload: w, finding: finding[O]{a, "exploration"}}
	if err := x.engine.minimiseSchedule(ctx, &small, func() bool { return false }); err != nil {
		return err
	}
	f, err := x.p.saved(ctx, &small, x.spec.Corpus)
	f.Case, f.Found, f.Shrunk = i, found.Seconds(), (time.Since(x.began) - found).Seconds()
	x.result.Failure = &f
	return err
}
