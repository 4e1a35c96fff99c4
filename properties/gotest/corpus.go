package gotest

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

// known replays the counterexamples of the test that the corpus holds. One that fails again is a failure. One whose schedule no longer
// fits the test is stale: the search that follows may find it anew.
func (h *search) known(ctx context.Context) error {
	if h.spec.Corpus == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(h.spec.Corpus, properties.FileName(h.test.Info.ID)+"-*.txtar"))
	if err != nil {
		return fmt.Errorf("list the counterexamples: %w", err)
	}
	slices.Sort(files)
	for _, name := range files {
		x, err := properties.LoadCounterexample(name)
		if err != nil {
			return err
		}
		if !IsOf(x) || x.Property != h.test.Info.ID {
			continue
		}
		if err := h.again(ctx, name, x); err != nil || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// again replays a known counterexample.
func (h *search) again(ctx context.Context, name string, x *properties.Counterexample) error {
	c, err := caseOf(name, x)
	if err != nil {
		return err
	}
	if c.Race != h.test.binary.race {
		return nil // another build has found it, and other schedules are its
	}
	h.progress(properties.Progress{Property: h.test.Info.ID, Phase: properties.PhaseReplaying, File: name})
	h.res.Replayed++
	h.res.RanBeside(toReplay, 1)
	f, _, err := h.test.replay(ctx, c, x)
	if err != nil {
		return h.endedBy(ctx, err, name, x)
	}
	switch f.Kind {
	case x.Rule:
		failure, err := h.failure(*c, &f)
		if err != nil {
			return err
		}
		failure.Case, failure.Strategy, failure.File = -1, "corpus", name
		h.res.Failures = append(h.res.Failures, failure)
	case protocol.Stale:
		if err := h.anew(ctx, name, x, c, f.Message); err != nil || len(h.res.Failures) == 0 {
			return err
		}
		return h.refresh()
	}
	return nil
}

// endedBy judges the end of a process that was to replay a known counterexample. A failure is of that, and of no case of this run.
func (h *search) endedBy(ctx context.Context, err error, name string, x *properties.Counterexample) error {
	n := len(h.res.Failures)
	err = h.ended(ctx, err)
	for i := range h.res.Failures[n:] {
		known(&h.res.Failures[n+i], name, x)
	}
	return err
}

// anewSchedules is how many schedules are tried, at most, of the case of a counterexample whose own no longer fits.
const anewSchedules = 500

// anew searches the case of a counterexample whose schedule no longer fits the test, for a reason. If it still fails, its failure is the last
// of the result, with what the file should say now as its Text; else the counterexample is among the stale ones, or the result is undecided.
func (h *search) anew(ctx context.Context, name string, x *properties.Counterexample, c *Case, why string) error {
	corpus, before, n, tried := h.spec.Corpus, h.res, len(h.res.Failures), h.besides(forStale)
	h.spec.Corpus, h.most = "", anewSchedules // the file has a name
	c.Identity = h.test.binary.identity
	err := h.aside(forStale, func() error { return h.input(ctx, *c) })
	h.spec.Corpus, h.most, h.tried = corpus, 0, 0
	if h.skipped == nil { // no case of this run
		h.res.Cases, h.res.Covered = before.Cases, before.Covered
	}
	switch {
	case err != nil, ctx.Err() != nil, h.skipped != nil, h.res.Unknown > before.Unknown:
		return err
	case len(h.res.Failures) == n:
		h.res.Stale = append(h.res.Stale, properties.Stale{File: name, Why: why, Schedules: h.besides(forStale) - tried})
		return nil
	}
	if i := slices.IndexFunc(h.res.Failures[n:], func(f properties.Failure) bool { return f.Rule == x.Rule }); i > 0 {
		h.res.Failures[n] = h.res.Failures[n+i]
	}
	h.res.Failures = h.res.Failures[:n+1] // the file is of one; others are found again
	f := &h.res.Failures[n]
	f.Refreshed = f.Text != ""
	known(f, name, x)
	f.Found = time.Since(h.began).Seconds()
	return nil
}

// known makes a failure that of a known counterexample.
func known(f *properties.Failure, name string, x *properties.Counterexample) {
	f.Case, f.Strategy, f.File = -1, "corpus", name
	if f.Text == "" { // a process that ended tells of no schedule
		f.Text = string(x.Format())
	}
}

// refresh writes the file of the counterexample that was searched anew last.
func (h *search) refresh() error {
	f := &h.res.Failures[len(h.res.Failures)-1]
	if !f.Refreshed {
		return nil
	}
	if err := properties.WriteFile(f.File, []byte(f.Text)); err != nil {
		return &properties.SaveError{Err: err, Text: f.Text}
	}
	return nil
}
