package campaign

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// Subject is what is explored: cases of a property.
type Subject struct {
	Title    string // for people, and part of what tells one state file from another
	Property string // its ID
	Cases    int
	// Texts returns the text form of the cases from…to-1.
	Texts func(from, to int) ([][]txtar.File, error)
}

// Exploration runs every schedule of each case of a subject, in units of work that a state file
// keeps. What it comes to depends neither on how many units are explored at once nor on where it was
// interrupted and gone on with.
type Exploration struct {
	Runner  Explorer
	Subject Subject
	Spec    properties.ExploreSpec // of each unit, but for the cases and the part
	Jobs    int                    // units that are explored at once
	Began   time.Time              // when it began, in whichever process: what the texts of cases may depend on
	Meter   *Meter                 // told how far it is; nil is nobody

	tried   properties.Exploration // the only case, before it is divided; it was tried if that has the case
	mu      sync.Mutex
	results map[int]properties.Exploration // by unit, those of the state file included
	skipped map[int]string                 // units that could not be judged, and why; they are done anew
	end     int                            // the lowest unit with a violation or an error: none after it matters
}

// Run explores what is left, and returns what there is to say of all that was ever explored. It
// ends early at the first violation, when ctx is done, and at the deadline.
func (x *Exploration) Run(ctx context.Context) (properties.Exploration, error) {
	x.Spec.Outcomes = x.Subject.Cases == 1
	if x.Subject.Cases > 1 {
		return x.units(ctx, divide(x.Subject.Cases))
	}
	limit := x.Spec.Bounds.Schedules
	if len(x.results) == 0 && x.tried.Cases == 0 {
		r, err := x.try(ctx)
		if err != nil || r.Failure != nil || r.Cases == 0 || r.Complete == 1 || r.Uncontrolled > 0 || limit > 0 && limit <= probed {
			return r, err
		}
	}
	x.Spec.Bounds.Schedules = (limit + parts - 1) / parts
	defer func() { x.Spec.Bounds.Schedules = limit }()
	total, err := x.units(ctx, divide(x.Subject.Cases))
	return wholeCase(total), err
}

// try explores the only case without dividing it, as far as most cases go.
func (x *Exploration) try(ctx context.Context) (properties.Exploration, error) {
	whole := unit{to: 1}
	x.Meter.begin([]part{whole.metered(x.tried)}, x.Spec.Deadline)
	spec := x.Spec
	if spec.Bounds.Schedules == 0 || spec.Bounds.Schedules > probed {
		spec.Bounds.Schedules = probed
	}
	r, err := x.goOn(ctx, 0, whole, spec, x.tried)
	var unjudged *isolate.NotJudgedError
	if errors.As(err, &unjudged) {
		shown := x.tried
		shown.Add(properties.Exploration{Unknown: 1, UnknownBy: unjudged.Error(), Suspended: x.tried.Suspended})
		return shown, nil
	}
	if err == nil && r.Failure == nil {
		x.tried = r
	}
	return r, err
}

// goOn explores what is left of a unit, of which before was explored, and returns all that it has shown. If that
// ends early, what was explored before stays.
func (x *Exploration) goOn(ctx context.Context, u int, unit unit, spec properties.ExploreSpec, before properties.Exploration) (properties.Exploration, error) {
	resumed := before.Suspended
	if resumed != nil {
		spec.State = resumed.State
	}
	first := unit.from + before.Cases
	var err error
	if spec.Cases, err = x.Subject.Texts(first, unit.to); err != nil {
		return before, err
	}
	r, err := x.Runner.Explore(ctx, x.Subject.Property, spec, func(p properties.Progress) { x.Meter.progress(u, p) })
	if r.Failure != nil {
		r.Failure.Case += first
	}
	if r.Cases == 0 && r.Failure == nil && r.Suspended == nil { // there was no time to begin, or to answer
		r.Suspended = resumed
	}
	before.Add(r)
	return before, err
}

// errViolated ends an exploration.
var errViolated = errors.New("violated")

// units explores the units that are not finished, and adds up what all have shown.
func (x *Exploration) units(ctx context.Context, units []unit) (properties.Exploration, error) {
	if x.results == nil {
		x.results = map[int]properties.Exploration{}
	}
	x.end, x.skipped = len(units)-1, map[int]string{}
	metered := make([]part, len(units))
	for u := range metered {
		metered[u] = units[u].metered(x.results[u])
	}
	x.Meter.begin(metered, x.Spec.Deadline)
	err := InOrder(ctx, len(units), x.Jobs, func(ctx context.Context, u int) (struct{}, error) {
		return struct{}{}, x.explore(ctx, u, units[u])
	}, func(int, struct{}) {})
	if errors.Is(err, errViolated) {
		err = nil
	}
	return x.sum(), err
}

// explore explores what is left of a unit, if there is time.
func (x *Exploration) explore(ctx context.Context, u int, unit unit) error {
	x.mu.Lock()
	before := x.results[u]
	x.mu.Unlock()
	late := !x.Spec.Deadline.IsZero() && time.Now().After(x.Spec.Deadline)
	if unit.finished(before) || late || ctx.Err() != nil {
		return nil
	}
	spec := x.Spec
	spec.Part, spec.Parts = unit.part, unit.parts
	_, earlier := explored(before)
	r, err := x.goOn(ctx, u, unit, spec, before)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil // it did not answer in time when it was interrupted: its work is done anew
	}
	var unjudged *isolate.NotJudgedError
	if errors.As(err, &unjudged) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.skipped[u] = unjudged.Error()
		return nil
	}
	done, schedules := explored(r)
	x.Meter.end(u, partEnd{done: done, schedules: schedules - earlier, failed: r.Failure != nil, whole: unit.finished(r)})
	return x.keep(u, r, err)
}

// keep keeps what a unit has shown so far, and returns the error that ends the exploration, if it
// is to end with this unit.
func (x *Exploration) keep(u int, r properties.Exploration, err error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.results[u] = r
	if err == nil && r.Failure != nil {
		err = errViolated
	}
	if err != nil {
		x.end = min(x.end, u)
	}
	return err
}

// sum adds up the units up to the one that ended the exploration.
func (x *Exploration) sum() properties.Exploration {
	var total properties.Exploration
	var open properties.Suspended
	for u := range x.end + 1 {
		r, ok := x.results[u]
		if !ok {
			continue
		}
		if s := r.Suspended; s != nil {
			open.Schedules, open.Traces, open.Done = open.Schedules+s.Schedules, open.Traces+s.Traces, open.Done+s.Done
		}
		total.Add(r)
	}
	for _, u := range slices.Sorted(maps.Keys(x.skipped)) {
		if u > x.end {
			break // whether it was begun depends on how many are explored at once
		}
		total.Add(properties.Exploration{Unknown: 1, UnknownBy: x.skipped[u], Failure: total.Failure})
	}
	total.Suspended = nil
	if open.Schedules > 0 {
		total.Suspended = &open
	}
	return total
}
