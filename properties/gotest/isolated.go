package gotest

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"synchrony/executor/sched"
	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
)

const (
	coldRuns  = 200 // processes for an input, unless fewer schedules were asked for
	coldTries = 400 // processes that minimise a schedule, at most; it may be a few times as many as the search took, but always
	fewTries  = 100 // so many
	timesRuns = 2

	coldSteps = 50_000 // of a run whose schedule is minimised: each process tells all of its own
)

// isolated searches the schedules of an input with a process for each, of which there may be so many: for tests that keep something from run
// to run.
func (h *search) isolated(ctx context.Context, c Case, most int) error {
	c.Cold = true
	h.tried = 0
	n := h.share(most)
	length := 0
	var leak *protocol.Finding // one that may yet turn out to be in every schedule
	runs, leaks := 0, 0
	for i := 0; i < n && !h.done(ctx) && h.res.Unknown == 0; i++ {
		if i == 0 { // if the time is over before, the input was not tried
			h.res.Cases++
		}
		done, findings, err := h.cold(ctx, c, protocol.Search{Schedules: 1, First: i, Cold: true, Length: length})
		if err != nil {
			return h.ended(ctx, err)
		}
		if i == 0 {
			length = done.Longest
		}
		h.ran("a process each", done.Schedules)
		runs, leaks = runs+done.Schedules, leaks+done.Kinds[protocol.Leak]
		if h.settled(ctx, done) {
			return nil
		}
		h.sign(0)
		for k := range findings {
			findings[k].After = h.res.Schedules
			if findings[k].Kind == protocol.Leak {
				leak = cmp.Or(leak, &findings[k])
			} else if err := h.takeCold(ctx, c, &findings[k]); err != nil {
				return h.unjudged(err)
			}
		}
		if leak != nil && leaks < runs && !h.done(ctx) {
			return h.unjudged(h.takeCold(ctx, c, leak))
		}
	}
	if leak != nil && leaks == runs {
		leak.Every = true
		return h.take(c, leak)
	}
	return nil
}

// cold runs one schedule in a process of its own.
func (h *search) cold(ctx context.Context, c Case, q protocol.Search) (done protocol.Done, findings []protocol.Finding, err error) {
	s, err := h.test.binary.start(ctx, c.environment(), c.arguments())
	if err != nil {
		return done, nil, err
	}
	defer s.close()
	q.Settings, q.Positions = c.Settings, true
	findings, done, err = s.ask(protocol.Request{Test: c.Test, Search: &q}, func(int) {})
	return done, findings, err
}

// takeCold minimises a finding's schedule, by a process for each try, and files what is left.
func (h *search) takeCold(ctx context.Context, c Case, f *protocol.Finding) error {
	switch f.Kind {
	case protocol.StepLimit, protocol.Uncontrolled, protocol.Running:
		return h.take(c, f)
	}
	s, err := schedule.ParseSchedule(f.Schedule)
	if err != nil {
		return err
	}
	c.Settings = f.Settings
	var least *protocol.Finding
	if f.Length() <= coldSteps {
		if least, err = h.minimise(ctx, c, f.Kind, s.Deviations); err != nil {
			return err
		}
	}
	if least == nil {
		g, again, err := h.repeat(ctx, c, f)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if !again {
			h.unknown(fmt.Sprintf("schedule %d led to: %s: %s; and to something else when it was repeated: the test depends on more than the schedule",
				f.Found, f.Kind, h.tell.reason(f)))
			return nil
		}
		least = &g
	}
	return h.take(c, foundAs(least, f))
}

// minimise looks for as few deviations as it can that lead to the same kind of finding, and returns the one that these led to; nil if none did.
func (h *search) minimise(ctx context.Context, c Case, kind string, devs []schedule.Deviation) (*protocol.Finding, error) {
	var broken error
	most := min(max(timesRuns*h.tried, fewTries), coldTries)
	tries, failing := 0, map[string]*protocol.Finding{}
	devs = sched.Minimise(devs, func(strategy sched.Strategy) (*sched.Record, bool) {
		if tries++; tries > most || ctx.Err() != nil || h.late() {
			return nil, false
		}
		text := sched.Text(strategy)
		f, rec, err := h.under(ctx, c, text, true)
		switch {
		case isDied(err):
			return &sched.Record{}, false
		case err != nil:
			broken = err
			return nil, false
		case f.Kind != kind:
			return rec, false
		}
		failing[text], failing[deviationsText(rec.Schedule.Deviations)] = &f, &f
		return rec, true
	})
	return failing[deviationsText(devs)], broken
}

// deviationsText is the text form of deviations from the default schedule, as a strategy.
func deviationsText(devs []schedule.Deviation) string { return sched.Text(sched.Deviate(devs)) }

// repeat runs the schedule of a finding in a process of its own. again says that it came to the same; another kind of failure, and the
// end of the process, are not the same. An error means that the harness broke.
func (h *search) repeat(ctx context.Context, c Case, f *protocol.Finding) (g protocol.Finding, again bool, err error) {
	s, err := schedule.ParseSchedule(f.Schedule)
	if err != nil {
		return g, false, err
	}
	if g, _, err = h.under(ctx, c, deviationsText(s.Deviations), false); isDied(err) {
		return g, false, nil
	}
	return g, g.Kind == f.Kind, err
}

// foundAs is g, which repeats f or what is left of it, with what is known of how f was found.
func foundAs(g, f *protocol.Finding) *protocol.Finding {
	g.Found, g.After, g.Strategy, g.Deviations, g.Every = f.Found, f.After, f.Strategy, f.Deviations, false
	return g
}

// under runs the schedule that a strategy chooses, and returns what is wrong with it, of no kind if nothing is, and its record if that was
// asked for.
func (h *search) under(ctx context.Context, c Case, strategy string, record bool) (f protocol.Finding, rec *sched.Record, err error) {
	done, findings, err := h.cold(ctx, c, protocol.Search{Schedules: 1, Cold: true, Strategy: strategy, Record: record})
	h.res.RanBeside(toConfirm, done.Schedules)
	if err != nil {
		return f, nil, err
	}
	if record && done.Run == nil {
		return f, nil, errors.New("the test binary tells nothing of a run")
	}
	if record {
		if rec, err = done.Run.Record(); err != nil {
			return f, nil, err
		}
	}
	if len(findings) > 0 {
		f = findings[0]
	}
	return f, rec, nil
}
