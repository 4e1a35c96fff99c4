package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
	"synchrony/reports/results"
)

// campaign runs properties in child processes, several at once. What each shows
// does not depend on how many run at once, nor on the order in which they end.
type campaign struct {
	runner     *isolate.Runner
	checks     []properties.Testable
	spec       properties.Spec // of each property, but for the deadline
	iterations int             // for the display; 0 is unbounded
	part       bool            // these are not all cases of the run
	jobs       int
	end        time.Time // zero is never
	now        func() time.Time
	events     *results.Events // told what happens; nil is nobody

	mu   sync.Mutex
	next int // of checks, to be started
}

// run runs all properties. It calls done for each, in their order, on the
// caller's goroutine.
func (c *campaign) run(ctx context.Context, m *meter, done func(int, results.Property)) {
	outcomes := make([]chan results.Property, len(c.checks))
	for i := range outcomes {
		outcomes[i] = make(chan results.Property, 1)
	}
	progress := func(p properties.Progress) {
		m.progress(p)
		c.events.Progress(p)
	}
	for range min(c.jobs, len(c.checks)) {
		go func() {
			for i, spec, ok := c.take(); ok; i, spec, ok = c.take() {
				p := c.one(ctx, c.checks[i], spec, progress)
				m.finish(&p)
				c.events.Property(&p)
				outcomes[i] <- p
			}
		}()
	}
	for i := range outcomes {
		done(i, <-outcomes[i])
	}
}

// ids are the properties' IDs, in order.
func (c *campaign) ids() []string {
	ids := make([]string, len(c.checks))
	for i := range ids {
		ids[i] = c.checks[i].Info().ID
	}
	return ids
}

// take returns the next property to run, and its part of the time: what is left,
// divided by how many rounds of jobs are left.
func (c *campaign) take() (int, properties.Spec, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, spec := c.next, c.spec
	if i == len(c.checks) {
		return 0, spec, false
	}
	c.next++
	if !c.end.IsZero() {
		rounds := (len(c.checks) - i + c.jobs - 1) / c.jobs
		now := c.now()
		share := c.end.Sub(now) / time.Duration(rounds)
		spec.Deadline, spec.Reserve = now.Add(share), reserve(share, spec.ShrinkTime)
	}
	return i, spec, true
}

// reserve is how much of a property's share of the time testing leaves for shrinking: a
// tenth, or what a person says, but never more than half.
func reserve(share, shrinkTime time.Duration) time.Duration {
	if shrinkTime > 0 {
		return min(shrinkTime, share/2)
	}
	return share / 10
}

// one runs one property.
func (c *campaign) one(ctx context.Context, check properties.Testable, spec properties.Spec, progress func(properties.Progress)) results.Property {
	p := results.Property{Info: check.Info(), Part: c.part}
	if ctx.Err() != nil {
		p.Interrupted = true
		return p
	}
	r, err := c.runner.Run(ctx, p.Info.ID, spec, progress)
	p.Result = r
	p.Interrupted = ctx.Err() != nil && r.Cases < spec.Count
	var unsaved *properties.SaveError
	switch {
	case errors.As(err, &unsaved):
		p.Err = err
		if len(r.Failures) == 0 {
			p.Result.Failures = append(p.Result.Failures, unsavedFailure(unsaved.Text))
		}
	case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		// The child did not answer in time when it was interrupted.
	default:
		p.Err = err
	}
	return p
}

// unsavedFailure is the failure that a counterexample states, which could not be
// written to a file: what was found must not be lost.
func unsavedFailure(text string) properties.Failure {
	f := properties.Failure{Text: text, Replayed: true}
	if c, err := properties.ParseCounterexample("counterexample", []byte(text)); err == nil {
		f.Checker, f.Rule, f.Reason, f.Evidence = c.Checker, c.Rule, c.Reason, c.Evidence
		if c.Schedule != nil {
			f.Deviations = len(c.Schedule.Deviations)
		}
	}
	return f
}
