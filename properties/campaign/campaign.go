package campaign

import (
	"context"
	"errors"
	"math"
	"time"

	"synchrony/properties"
)

// Campaign is a run of properties.
type Campaign struct {
	Runner     Runner
	Properties []properties.Info
	// Spec is that of each property, but for the deadline. A Count of 0 is as many cases as fit
	// into the time.
	Spec properties.Spec
	Part bool // Spec does not have all cases of the run, but those of a shard
	Jobs int  // properties that run at once
	// End is when the run ends; zero is when all cases were run. The properties share the time
	// until then fairly: what one does not need, those after it get.
	End   time.Time
	Meter *Meter // told how far the properties are; nil is nobody
	// Costs are how many seconds a case takes, as far as that is known, by the property's ID: for the Meter to say how long this run takes, and for
	// the longest properties to begin first. Only how they compare matters.
	Costs map[string]float64
	// Progress and Ended are told, at once and from several goroutines, how far a property is and
	// what it showed; nil is nobody.
	Progress func(properties.Progress)
	Ended    func(Outcome)
}

// Run runs all properties. It calls done for each, in their order, on the caller's goroutine, also
// when ctx is done: for properties that did not run to their end, with what they have.
func (c *Campaign) Run(ctx context.Context, done func(int, Outcome)) {
	parts := make([]part, len(c.Properties))
	for i := range parts {
		parts[i] = part{first: c.Spec.First, cases: c.Spec.Count, cost: c.Costs[c.Properties[i].ID] * float64(c.Spec.Count)}
	}
	c.Meter.begin(parts, c.End)
	// No property fails: its outcome says what went wrong.
	_ = inTurn(ctx, c.turns(), c.Jobs, func(ctx context.Context, i int) (Outcome, error) {
		o := c.one(ctx, i)
		c.Meter.end(i, partEnd{done: float64(o.Result.Cases), schedules: o.Result.Schedules, failed: len(o.Result.Failures) > 0, whole: true})
		if c.Ended != nil {
			c.Ended(o)
		}
		return o, nil
	}, done)
}

// turns are the numbers of the properties in the order in which they begin: first those that take so long that the others would be done before them,
// then the others in their order, so that results can be shown as they come. Where time is shared, all
// begin in their order.
func (c *Campaign) turns() []int {
	total := 0.0
	for i := range c.Properties {
		total += c.Costs[c.Properties[i].ID]
	}
	long := func(i int) bool {
		return c.End.IsZero() && c.Costs[c.Properties[i].ID]*float64(longPart*max(c.Jobs, 1)) > total
	}
	var first, others []int
	for i := range c.Properties {
		if long(i) {
			first = append(first, i)
		} else {
			others = append(others, i)
		}
	}
	return append(first, others...)
}

// longPart is what share of its work a job has with one property that is long, at least: one in so many.
const longPart = 8

// one runs one property.
func (c *Campaign) one(ctx context.Context, i int) Outcome {
	o := Outcome{Info: c.Properties[i], Part: c.Part, KeepGoing: c.Spec.KeepGoing}
	if ctx.Err() != nil {
		o.Interrupted = true
		return o
	}
	spec := c.share(i, time.Now())
	r, err := c.Runner.Run(ctx, o.Info.ID, spec, func(p properties.Progress) {
		c.Meter.progress(i, p)
		if c.Progress != nil {
			c.Progress(p)
		}
	})
	o.Result = r
	o.Interrupted = ctx.Err() != nil && r.Cases < spec.Count
	var unsaved *properties.SaveError
	switch {
	case errors.As(err, &unsaved):
		o.Err = err
		if len(r.Failures) == 0 {
			o.Result.Failures = append(o.Result.Failures, unsaved.Failure())
		}
	case err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		// It had not ended, or did not answer in time, when it was interrupted.
		o.Interrupted = true
	default:
		o.Err = err
	}
	return o
}

// share gives the i-th property, which begins now, its part of the time: what is left, divided by
// how many rounds of jobs are left.
func (c *Campaign) share(i int, now time.Time) properties.Spec {
	spec := c.Spec
	if spec.Count == 0 {
		spec.Count = math.MaxInt32
	}
	if c.End.IsZero() {
		return spec
	}
	jobs := max(c.Jobs, 1)
	rounds := (len(c.Properties) - i + jobs - 1) / jobs
	share := c.End.Sub(now) / time.Duration(rounds)
	spec.Deadline, spec.Reserve = now.Add(share), reserve(share, spec.ShrinkTime)
	return spec
}

// reserve is how much of a property's share of the time testing leaves for shrinking: a
// tenth, or what a person says, but never more than half.
func reserve(share, shrinkTime time.Duration) time.Duration {
	if shrinkTime > 0 {
		return min(shrinkTime, share/2)
	}
	return share / 10
}
