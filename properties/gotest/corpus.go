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
	f, _, err := h.test.replay(ctx, c, x)
	if err != nil {
		return h.endedBy(ctx, err, name, x)
	}
	h.res.Schedules++
	h.count("corpus", 1)
	switch f.Kind {
	case x.Rule:
		f.After = h.res.Schedules
		failure, err := h.failure(*c, &f)
		if err != nil {
			return err
		}
		failure.Case, failure.Strategy, failure.File = -1, "corpus", name
		h.res.Failures = append(h.res.Failures, failure)
	case protocol.Stale:
		return h.anew(ctx, name, x, c, f.Message)
	}
	return nil
}

// endedBy judges the end of a process that was to replay a known counterexample. A failure is of that, and of no case of this run.
func (h *search) endedBy(ctx context.Context, err error, name string, x *properties.Counterexample) error {
	n := len(h.res.Failures)
	err = h.ended(ctx, err)
	for i := range h.res.Failures[n:] {
		f := &h.res.Failures[n+i]
		f.Case, f.Strategy, f.File, f.Text = -1, "corpus", name, string(x.Format())
	}
	return err
}

// anew searches the case of a counterexample whose schedule no longer fits, and writes its file anew if it still fails.
func (h *search) anew(ctx context.Context, name string, x *properties.Counterexample, c *Case, why string) error {
	s, err := h.test.binary.start(ctx, c.environment(), c.arguments())
	if err != nil {
		return h.unjudged(err)
	}
	defer s.close()
	corpus, n := h.spec.Corpus, len(h.res.Failures)
	h.spec.Corpus = "" // the file has a name
	before := h.res.Schedules
	c.Identity = h.test.binary.identity
	_, err = h.ask(ctx, s, *c, protocol.Search{Schedules: max(h.share(chunk), probe)})
	h.spec.Corpus = corpus
	if err != nil {
		return h.endedBy(ctx, err, name, x)
	}
	h.tried = 0
	if len(h.res.Failures) == n {
		h.res.Stale = append(h.res.Stale, properties.Stale{File: name, Why: why, Schedules: h.res.Schedules - before})
		return nil
	}
	if i := slices.IndexFunc(h.res.Failures[n:], func(f properties.Failure) bool { return f.Rule == x.Rule }); i > 0 {
		h.res.Failures[n] = h.res.Failures[n+i]
	}
	h.res.Failures = h.res.Failures[:n+1] // the file is of one; others are found again
	f := &h.res.Failures[n]
	f.Case, f.File, f.Refreshed, f.Found = -1, name, true, time.Since(h.began).Seconds()
	if err := properties.WriteFile(name, []byte(f.Text)); err != nil {
		return &properties.SaveError{Err: err, Text: f.Text}
	}
	return nil
}
