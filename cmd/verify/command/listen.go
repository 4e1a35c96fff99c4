package command

import (
	"context"
	"fmt"
	"time"

	"synchrony/properties/campaign"
	"synchrony/reports/live"
	"synchrony/reports/results"
)

// reportTime is how long a run that is over waits for who looks at its page to have the report; after an interrupt, a second.
const reportTime = 10 * time.Second

// listen shows the run that follows at an address; nil if that is empty.
func (a *app) listen(address string) (*live.Server, error) {
	if address == "" {
		return nil, nil
	}
	s, err := live.Listen(address)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.stderr, "verify: the run is at %s\n", s.URL())
	return s, nil
}

// state says how a campaign is going.
func (o *campaignOptions) state(c *campaign.Campaign, subject results.Subject) func() live.State {
	return func() live.State {
		s := live.State{Progress: results.Progress{Progress: c.Meter.Progress(), Subject: subject}}
		if o.farm != nil {
			s.Farm = o.farm()
		}
		return s
	}
}

// finish makes the page the report of the run, for who looks at it.
func (a *app) finish(ctx context.Context, page *live.Server, run *results.Run, o *outputs) {
	if !page.Watched() {
		return
	}
	patience := reportTime
	if ctx.Err() != nil { // who has interrupted the run does not want to wait
		patience = time.Second
	}
	report, err := a.pageOf(ctx, run, o)
	if a.wrote("the page of the run", err) {
		page.Finish(report, patience)
	}
}
