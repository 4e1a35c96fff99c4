package html

import (
	"context"
	"fmt"
	"time"

	"synchrony/properties"
)

// replayTime bounds what replaying one counterexample for a page may take.
const replayTime = 20 * time.Second

// Gather gathers what a page shows of a failure, which it replays to show what happened. What cannot be had is no error: the page says so. Lookup finds
// a property by its ID.
func Gather(ctx context.Context, lookup func(id string) (properties.Testable, bool), info properties.Info, found properties.Failure) Failure {
	f := Failure{Info: info, Found: found, Text: found.Text}
	if f.Text == "" && found.File != "" {
		text, err := properties.ReadFile(found.File)
		if err != nil {
			f.Note = fmt.Sprintf("What happened is not shown, for the counterexample could not be read: %v.", err)
			return f
		}
		f.Text = string(text)
	}
	c, err := properties.ParseCounterexample(found.File, []byte(f.Text))
	if err != nil {
		f.Note = fmt.Sprintf("What happened is not shown, for the counterexample could not be read: %v.", err)
		return f
	}
	f.Replay, f.Note = replayHere(ctx, lookup, c)
	return f
}

// replayHere replays a counterexample in this process, whose memory alone has all that a run
// showed; or says why not. Only what is known to end is run here: a recorded schedule takes the same
// way again, but what crashed, hung, or failed on plain goroutines may take the process down.
func replayHere(ctx context.Context, lookup func(id string) (properties.Testable, bool), c *properties.Counterexample) (*properties.Replay, string) {
	check, known := lookup(c.Property)
	switch {
	case !known && len(c.Story) > 0: // which tells it, as that of a test does
		return nil, ""
	case !known:
		return nil, fmt.Sprintf("What happened is not shown, for there is no property %q here.", c.Property)
	case c.Checker == properties.ProcessChecker:
		return nil, "The process died of this, so it was not run again for this page. The evidence is what it said last."
	case c.Schedule == nil:
		return nil, "No schedule is recorded for this, so there is no order of steps to show."
	}
	// An interrupted run is to be reported, too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), replayTime)
	defer cancel()
	r, err := check.Replay(ctx, c)
	if err != nil {
		return nil, fmt.Sprintf("What happened is not shown, for it could not be replayed: %v.", err)
	}
	return &r, ""
}
