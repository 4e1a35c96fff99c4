package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/gotest"
	"synchrony/properties/isolate"
	"synchrony/reports/execution"
	"synchrony/reports/results"
)

// replayOptions is the command line of verify replay.
type replayOptions struct {
	times       int
	trace       string
	html        string
	hangTimeout time.Duration
}

// replayCommand reproduces counterexamples.
func (a *app) replayCommand() *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay FILE…",
		Short: "Reproduce counterexamples",
		Long: `Reproduce counterexamples that verify run has saved: run each case again on its
recorded schedule, and judge it anew. One whose schedule does not fit the system
any more is stale: other schedules of its case are searched.

Exit codes: 1 all reproduced, so the violations are still there; 4 any did not;
3 any could not be judged, for its process was ended from outside, or the machine
had no room; 2 any could not be read.`,
		Example: `  verify replay counterexamples/*
  verify replay --times 10 counterexamples/S5-order-0123abcd.txtar
  verify replay --trace steps.json FILE     then open it in ui.perfetto.dev
  verify replay --html story.html FILE      what happened, drawn, in a page of its own`,
		Args: atLeastOne("counterexample"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.times < 1:
				return wrongUse(cmd, "--times is %d, and must be at least 1", o.times)
			case o.hangTimeout <= 0:
				return wrongUse(cmd, "--hang-timeout is %v, and must be more than 0", o.hangTimeout)
			case cmd.Flags().Changed("html") && (o.html == "" || o.html == "-"): // standard output is for what it says of each
				return wrongUse(cmd, "--html must name a file")
			case o.trace != "" && len(args) > 1:
				return wrongUse(cmd, "--trace is for one counterexample, not %d", len(args))
			}
			return a.replay(cmd, &o, args)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.times, "times", 1, "how often to reproduce each")
	f.StringVar(&o.trace, "trace", "", "write the schedule's steps as Chrome trace-event JSON to this `file`")
	f.StringVar(&o.html, "html", "", "show what happened, drawn, in one HTML page, in this `file`")
	f.DurationVar(&o.hangTimeout, "hang-timeout", 5*time.Second, "how long a case may show no sign of life")
	return cmd
}

// replay replays each file; one that cannot be does not keep the others from it.
func (a *app) replay(cmd *cobra.Command, o *replayOptions, paths []string) error {
	files := []form{{flag: "trace", path: o.trace}, {flag: "html", path: o.html}}
	if err := cmp.Or(distinct(cmd, files), checkOutput(o.trace), checkOutput(o.html)); err != nil {
		return err
	}
	runner, err := a.newRunner(o.hangTimeout)
	if err != nil {
		return err
	}
	code := exitViolated
	for i, path := range paths {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		reproduced, err := a.replayFile(cmd, runner, o, path)
		switch {
		case errors.Is(err, context.Canceled):
			return err
		case err != nil:
			if c := exitCode(a.stderr, err); code != exitError {
				code = c
			}
		case !reproduced && code == exitViolated:
			code = exitNotReproduced
		}
	}
	if o.html != "" {
		if err := a.writeReplayHTML(cmd.Context(), o.html, paths); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.html, err)
		}
	}
	return exit(code)
}

// replayFile replays one counterexample as often as asked, and prints what
// happened the first time.
func (a *app) replayFile(cmd *cobra.Command, runner *isolate.Runner, o *replayOptions, path string) (bool, error) {
	c, err := properties.LoadCounterexample(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return false, fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	if err != nil {
		return false, err
	}
	if gotest.IsOf(c) {
		t := &testOptions{times: o.times}
		t.Patience = max(o.hangTimeout, testHangTimeout)
		return a.replayTest(cmd, t, path, c)
	}
	check, known := a.registry.Lookup(c.Property)
	if !known {
		return false, fmt.Errorf("%s: there is no property %q here%s; verify list names those there are",
			path, c.Property, didYouMean(c.Property, names(a.registry)))
	}
	fmt.Fprintf(a.stdout, "%s\n%s: %s\n", path, check.Info().ID, check.Info().Statement)
	var first properties.Replay
	hits, began := 0, time.Now()
	for i := range o.times {
		r, err := runner.Replay(cmd.Context(), path, c)
		if err != nil {
			return false, named(path, err)
		}
		if i == 0 {
			first = r
		}
		if r.Reproduced {
			hits++
		}
	}
	elapsed := time.Since(began)
	if err := results.Replay(a.stdout, c, &first, hits, o.times, elapsed, a.wantsColour(a.stdout)); err != nil {
		return false, err
	}
	if o.trace != "" {
		err := a.writeOutput(o.trace, func(w io.Writer) error { return execution.ChromeSteps(w, first.Steps, first.Tasks) })
		if err != nil {
			return false, err
		}
	}
	return hits == o.times, nil
}

// named puts the file's name before an error that does not say it.
func named(path string, err error) error {
	if strings.HasPrefix(err.Error(), path) {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}
