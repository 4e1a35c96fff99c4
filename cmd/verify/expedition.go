package main

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

// unit is what one child process explores: some of the cases, or a part of the only one.
type unit struct {
	from, to    int // cases
	part, parts int // of the case; parts is 0 for all of it
}

const (
	// portion is how many cases of a scope a unit has.
	portion = 32
	// probe is how many schedules of a single case are run before it is divided: most cases have fewer.
	probe = 2000
	// parts is how many units a single case is divided into then. It does not depend on --jobs, so that the result does not.
	parts = 8
)

// expedition explores the cases of a subject in child processes, several at once. What it
// comes to depends neither on how many run at once, nor on where it was interrupted.
type expedition struct {
	runner  *isolate.Runner
	subject subject
	spec    properties.ExploreSpec // of each unit, but for the cases
	jobs    int
	trail   *trail
	units   []unit

	mu      sync.Mutex
	next    int                            // unit, to be explored
	results map[int]properties.Exploration // by unit; at first those of earlier expeditions
	failed  int                            // the first unit with a violation or an error; those after it do not matter
	err     error                          // of that unit
	skipped map[int]string                 // units that could not be judged, and why; they are done anew
}

// subject is what is explored.
type subject struct {
	title string // "transfers.ae: 3 transactions, 2 workers"
	check properties.Testable
	cases int
	// at returns the text form of the cases from…to-1.
	at func(from, to int) ([][]txtar.File, error)
}

// run explores what is left, and returns what there is to say of all that was ever explored.
func (x *expedition) run(ctx context.Context) (properties.Exploration, error) {
	stop := x.trail.start()
	defer stop()
	if x.subject.cases > 1 {
		for from := 0; from < x.subject.cases; from += portion {
			x.units = append(x.units, unit{from: from, to: min(from+portion, x.subject.cases)})
		}
		x.dispatch(ctx)
		return x.sum()
	}
	limit := x.spec.Bounds.Schedules
	if len(x.results) == 0 {
		r, err := x.probe(ctx)
		if err != nil || r.Failure != nil || r.Cases == 0 || r.Complete == 1 || limit > 0 && limit <= probe {
			return r, err
		}
	}
	for i := range parts {
		x.units = append(x.units, unit{from: 0, to: 1, part: i, parts: parts})
	}
	x.spec.Bounds.Schedules = (limit + parts - 1) / parts
	x.dispatch(ctx)
	return x.merge()
}

// probe explores the only case without dividing it, as far as most cases go.
func (x *expedition) probe(ctx context.Context) (properties.Exploration, error) {
	spec := x.spec
	if spec.Bounds.Schedules == 0 || spec.Bounds.Schedules > probe {
		spec.Bounds.Schedules = probe
	}
	var err error
	if spec.Cases, err = x.subject.at(0, 1); err != nil {
		return properties.Exploration{}, err
	}
	r, err := x.runner.Explore(ctx, x.subject.check.Info().ID, spec, func(p properties.Progress) { x.trail.progress(0, p) })
	var unjudged *isolate.NotJudgedError
	if errors.As(err, &unjudged) {
		return properties.Exploration{Unknown: 1, UnknownBy: unjudged.Error()}, nil
	}
	return r, err
}

// dispatch explores the units that are not finished.
func (x *expedition) dispatch(ctx context.Context) {
	x.failed, x.skipped = len(x.units), map[int]string{}
	x.trail.units(x.units, x.results)
	var group sync.WaitGroup
	for range x.jobs {
		group.Go(func() {
			for u, ok := x.take(ctx); ok; u, ok = x.take(ctx) {
				x.explore(ctx, u)
			}
		})
	}
	group.Wait()
}

// take returns the next unit to explore.
func (x *expedition) take(ctx context.Context) (int, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.next < len(x.units) && x.finished(x.next) {
		x.next++
	}
	late := !x.spec.Deadline.IsZero() && time.Now().After(x.spec.Deadline)
	if late || ctx.Err() != nil || x.next >= x.failed {
		return 0, false
	}
	x.next++
	return x.next - 1, true
}

// finished reports whether all cases of a unit were explored.
func (x *expedition) finished(u int) bool {
	r, ok := x.results[u]
	return ok && r.Cases == x.units[u].to-x.units[u].from
}

// explore explores what is left of a unit.
func (x *expedition) explore(ctx context.Context, u int) {
	x.mu.Lock()
	before := x.results[u]
	x.mu.Unlock()
	spec, unit := x.spec, x.units[u]
	spec.Part, spec.Parts = unit.part, unit.parts
	if before.Suspended != nil {
		spec.State, before.Suspended = before.Suspended.State, nil
	}
	var err error
	var r properties.Exploration
	if spec.Cases, err = x.subject.at(unit.from+before.Cases, unit.to); err == nil {
		r, err = x.runner.Explore(ctx, x.subject.check.Info().ID, spec, func(p properties.Progress) { x.trail.progress(u, p) })
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return // the child did not answer in time when it was interrupted: its part is done anew
	}
	if r.Failure != nil {
		r.Failure.Case += unit.from + before.Cases
	}
	before.Add(r)
	x.mu.Lock()
	defer x.mu.Unlock()
	var unjudged *isolate.NotJudgedError
	if errors.As(err, &unjudged) {
		x.skipped[u] = unjudged.Error()
		return
	}
	x.trail.finish(u, &before)
	x.results[u] = before
	if (r.Failure != nil || err != nil) && u < x.failed {
		x.failed, x.err = u, err
	}
}

// sum adds up the units up to the first with a violation.
func (x *expedition) sum() (properties.Exploration, error) {
	var total properties.Exploration
	var open properties.Suspended
	for u := range x.units {
		r, ok := x.results[u]
		if !ok || u > x.failed {
			continue
		}
		if s := r.Suspended; s != nil {
			open.Schedules, open.Traces, open.Done = open.Schedules+s.Schedules, open.Traces+s.Traces, open.Done+s.Done
		}
		total.Add(r)
	}
	for _, u := range slices.Sorted(maps.Keys(x.skipped)) {
		total.Add(properties.Exploration{Unknown: 1, UnknownBy: x.skipped[u], Failure: total.Failure})
	}
	total.Suspended = nil
	if open.Schedules > 0 {
		total.Suspended = &open
	}
	return total, x.err
}

// merge is what the parts say of the case.
func (x *expedition) merge() (properties.Exploration, error) {
	total, err := x.sum()
	if s := total.Suspended; s != nil {
		s.Done = (s.Done + float64(total.Cases)) / parts
	}
	total.Cases /= parts
	total.Complete /= parts
	return total, err
}
