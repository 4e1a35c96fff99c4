package command

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties/campaign"
	"synchrony/reports/live"
	"synchrony/reports/results"
)

// campaignOptions are what the command lines of verify run and verify test have in common.
type campaignOptions struct {
	time    time.Duration
	jobs    int
	shard   results.Shard
	outputs *outputs
	store   storeOptions
	quiet   bool
	verbose bool
	notes   *notes            // what else is said meanwhile; nil is nothing
	farm    func() *live.Farm // how the farm is doing; nil without one
}

// complete checks the options, and those that the commands keep elsewhere, and fills in what was not given.
func (o *campaignOptions) complete(cmd *cobra.Command, seed *uint64, corpus string, hangTimeout time.Duration) error {
	given := cmd.Flags().Changed
	switch {
	case given("time") && o.time <= 0:
		return wrongUse(cmd, "--time is %v, and must be more than 0", o.time)
	case o.quiet && o.verbose:
		return wrongUse(cmd, "--quiet and --verbose contradict each other")
	case given("jobs") && o.jobs < 1:
		return wrongUse(cmd, "--jobs is %d, and must be at least 1", o.jobs)
	case hangTimeout <= 0:
		return wrongUse(cmd, "--hang-timeout is %v, and must be more than 0", hangTimeout)
	case corpus == "":
		return wrongUse(cmd, "--corpus must name a folder")
	}
	if !given("jobs") {
		o.jobs = runtime.NumCPU()
	}
	if !given("seed") {
		*seed = uint64(rand.Uint32()) // short enough to be typed
	}
	return nil
}

// detail is how much the run says.
func (o *campaignOptions) detail() results.Detail {
	switch {
	case o.quiet:
		return results.Brief
	case o.verbose:
		return results.Full
	}
	return results.Usual
}

// launch runs a campaign that began then, for a report that says what it is of; it writes all outputs, keeps the run, and
// turns it into the exit code.
func (a *app) launch(cmd *cobra.Command, c *campaign.Campaign, report *results.Run, o *campaignOptions, began time.Time) (err error) {
	c.Jobs, c.Meter = o.jobs, campaign.NewMeter()
	if o.time > 0 {
		c.End = began.Add(o.time)
	}
	report.Tool, report.Limit, report.Shard, report.Environment = "verify "+version(), o.time, o.shard, thisEnvironment()
	report.Properties = make([]results.Property, len(c.Properties))
	for i, info := range c.Properties {
		report.Properties[i].Info = info
	}
	if !o.shard.Whole() {
		if report.Build, err = identity(); err != nil {
			return err
		}
	}
	c.Costs = a.costs(cmd.Context(), &o.store, report)
	page, err := a.listen(o.outputs.listen)
	if err != nil {
		return err
	}
	defer page.Close()
	events, closing, err := a.openEvents(o.outputs)
	if err != nil {
		return err
	}
	if err := a.perform(cmd.Context(), c, report, events, page, o); err != nil {
		return errors.Join(err, closing())
	}
	o.outputs.trends = a.keep(cmd.Context(), &o.store, report)
	err = a.conclude(cmd.Context(), report, o.outputs, closing())
	a.finish(cmd.Context(), page, report, o.outputs)
	return err
}

// perform runs the campaign, writes its events and its text, as it goes, and fills in report.
func (a *app) perform(ctx context.Context, c *campaign.Campaign, report *results.Run, events *results.Events, page *live.Server, o *campaignOptions) error {
	began, out, detail := time.Now(), a.text(o.outputs), o.detail()
	report.Began = began.Round(0) // wall time alone: it is for people
	text := results.NewText(out, a.wantsColour(out))
	text.Detail, text.Width = detail, width(out)
	text.Header(report)
	events.Started(report)
	page.Begin(report, o.state(c, report.Subject))
	c.Progress = events.Progress
	c.Ended = func(o campaign.Outcome) {
		p := results.Property(o)
		events.Property(&p)
		if !leftOut(&p) {
			page.Property(&p)
		}
	}
	d := newDisplay(a.stderr, o.notes.beside(runLines(c, report.Subject, a.wantsColour(a.stderr))))
	o.notes.use(d)
	stop := func() {}
	if detail != results.Brief {
		stop = d.start()
	}
	uninterrupted := context.AfterFunc(ctx, func() {
		d.undisturbed(func() {
			fmt.Fprintln(a.stderr, "verify: interrupted; what runs is asked for its results (once more to end at once)")
		})
	})
	c.Run(ctx, func(i int, o campaign.Outcome) {
		p := results.Property(o)
		report.Properties[i] = p
		if leftOut(&p) {
			return
		}
		d.undisturbed(func() {
			text.Width = width(out) // a terminal's may have changed
			text.Property(&p)
		})
	})
	uninterrupted()
	stop()
	dropSkipped(report)
	report.Interrupted = ctx.Err() != nil
	report.Elapsed = time.Since(began)
	events.Finished(report)
	text.Summary(report)
	return text.Err()
}
