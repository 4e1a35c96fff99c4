package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/gotest"
	"synchrony/properties/isolate"
	"synchrony/reports"
	"synchrony/reports/execution"
	"synchrony/reports/results"
)

// replayOptions is the command line of verify replay.
type replayOptions struct {
	times       int
	trace       string
	html        string
	json        bool
	step        bool
	debug       bool
	hangTimeout time.Duration
	foreign     foreignOptions
}

// replayCommand reproduces counterexamples.
func (a *app) replayCommand() *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay FILE…",
		Short: "Reproduce counterexamples",
		Long: `Reproduce counterexamples that were saved: run each case again on its
recorded schedule, and judge it anew. What the file claims and the run does not
show is named. One whose schedule does not fit the system
any more is stale: other schedules of its case are searched, and if one fails,
the file is written anew.

Exit codes: 1 all reproduced, so the violations are still there; 4 any did not;
3 any could not be judged, for its process was ended from outside, the machine
had no room, or a checker could not decide; 2 any could not be read.`,
		Example: `  verify replay counterexamples/*
  verify replay --times 10 counterexamples/S5-order-0123abcd.txtar
  verify replay --trace steps.json FILE     then open it in ui.perfetto.dev
  verify replay --html story.html FILE      what happened, drawn, in a page of its own
  verify replay --step FILE                 step by step, forwards and backwards, if it is of a property
  verify replay --debug FILE                the command that debugs it
  verify replay --json counterexamples/*    for programs`,
		Args: atLeastOne("counterexample"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.times < 1:
				return wrongUse(cmd, "--times is %d, and must be at least 1", o.times)
			case o.hangTimeout <= 0:
				return wrongUse(cmd, "--hang-timeout is %v, and must be more than 0", o.hangTimeout)
			case cmd.Flags().Changed("html") && (o.html == "" || o.html == "-"): // standard output is for what it says of each
				return wrongUse(cmd, "--html must name a file")
			case o.json && o.trace == "-":
				return wrongUse(cmd, "--json and --trace cannot both be standard output")
			case (o.step || o.debug) && (len(args) > 1 || o.step == o.debug || o.json || o.html != "" || o.trace != "" || o.times > 1):
				return wrongUse(cmd, "--step and --debug are for one counterexample, each alone")
			case o.trace != "" && len(args) > 1:
				return wrongUse(cmd, "--trace is for one counterexample, not %d", len(args))
			}
			if cmd.Flags().Changed("system") && !cmd.Flags().Changed("hang-timeout") {
				o.hangTimeout = defaultHangTimeout // the program has to be started, whatever language it is in
			}
			if err := a.use(cmd.Context(), cmd, &o.foreign, o.hangTimeout); err != nil {
				return err
			}
			switch {
			case o.step:
				return a.stepThrough(cmd.Context(), args[0])
			case o.debug:
				return a.debugCommand(cmd.Context(), args[0])
			}
			return a.replay(cmd, &o, args)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.times, "times", 1, "how often to reproduce each")
	f.StringVar(&o.trace, "trace", "", "write the schedule's steps as Chrome trace-event JSON to this `file`")
	f.StringVar(&o.html, "html", "", "show what happened, drawn, in one HTML page, in this `file`")
	f.BoolVar(&o.step, "step", false, "of a property: walk through the execution, forwards and backwards, with the stack of each task; lines of standard input lead, h lists them")
	f.BoolVar(&o.debug, "debug", false, "print the command that runs it in the debugger Delve, which stops at the step at which the schedule last leaves the default")
	f.BoolVar(&o.json, "json", false, "print the results as JSON, about counterexamples that could not be replayed, too")
	f.DurationVar(&o.hangTimeout, "hang-timeout", 5*time.Second, "how long a case may show no sign of life")
	o.foreign.flags(f)
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
	text := a.stdout
	if o.json {
		text = io.Discard
	}
	code, all := exitViolated, make([]results.Replayed, len(paths))
	for i, path := range paths {
		if i > 0 {
			fmt.Fprintln(text)
		}
		all[i] = results.Replayed{File: path, Status: reports.Broken}
		c, err := a.replayedCode(&all[i], a.replayFile(cmd.Context(), text, runner, o, &all[i]))
		switch {
		case err != nil:
			return err
		case code == exitError: // which outweighs the others
		case c != exitViolated && c != exitNotReproduced, code == exitViolated:
			code = c
		}
	}
	if o.json {
		if err := results.ReplaysJSON(a.stdout, all); err != nil {
			return err
		}
	}
	if o.html != "" {
		if err := a.writeReplayHTML(cmd.Context(), o.html, all); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.html, err)
		}
	}
	return exit(code)
}

// replayedCode is the exit code for one counterexample, whose replays ended with err. That is said, and noted in r; it is
// returned only if it ends the command.
func (a *app) replayedCode(r *results.Replayed, err error) (int, error) {
	switch {
	case errors.Is(err, context.Canceled):
		return 0, err
	case err != nil:
		code := exitCode(a.stderr, err)
		r.Error, r.Status = reports.Legible(err.Error()), reports.Broken
		if code == exitInconclusive {
			r.Status = reports.Inconclusive
		}
		return code, nil
	case r.Reproduced == r.Times:
		return exitViolated, nil
	case r.Reproduced == 0 && r.Status == reports.Inconclusive:
		return exitInconclusive, nil
	}
	return exitNotReproduced, nil
}

// replayFile replays the counterexample in out.File as often as asked, notes in out what that showed, and writes to w what
// happened the first time.
func (a *app) replayFile(ctx context.Context, w io.Writer, runner *isolate.Runner, o *replayOptions, out *results.Replayed) error {
	path := out.File
	c, err := loadCounterexample(path)
	if err != nil {
		return err
	}
	*out = results.NewReplayed(path, c)
	if gotest.IsOf(c) {
		if o.trace != "" {
			return fmt.Errorf("%s: it is of a test, which runs in a program of its own: --trace is for properties; --html shows what happened", path)
		}
		t := &testOptions{times: o.times}
		t.Patience = max(o.hangTimeout, testHangTimeout)
		return a.replayTest(ctx, w, t, out, c)
	}
	check, known := a.registry.Lookup(c.Property)
	if !known {
		return a.undefined(path, c)
	}
	out.Heading(w, check.Info().Statement, width(w))
	first, err := a.replayTimes(ctx, w, o.times, out, c, func(ctx context.Context, c *properties.Counterexample) (properties.Replay, string, error) {
		r, err := runner.Replay(ctx, path, c)
		return r, executionOf(&r), err
	})
	if err == nil && o.trace != "" {
		return a.writeOutput(o.trace, func(w io.Writer) error { return execution.ChromeSteps(w, first.Steps, first.Tasks) })
	}
	return err
}

// executionOf tells executions apart; it is empty for one that is not known, as of a process that died.
func executionOf(r *properties.Replay) string {
	if len(r.Steps) == 0 {
		return ""
	}
	h := fnv.New64a()
	fmt.Fprint(h, r.Steps)
	return strconv.FormatUint(h.Sum64(), 16)
}

// replayTimes replays a counterexample, each time by once, which tells executions apart by a text, notes in out what that showed, writes it to w,
// and returns the first replay. The file of a stale one that still fails is written anew, and what it says then is replayed; one that passes
// is not searched again.
func (a *app) replayTimes(
	ctx context.Context, w io.Writer, times int, out *results.Replayed, c *properties.Counterexample,
	once func(context.Context, *properties.Counterexample) (properties.Replay, string, error),
) (first properties.Replay, err error) {
	defer a.tellLong(out.File, c)()
	began, different := time.Now(), map[string]bool{}
	var unsaved error
	for i := 0; i < times && (first.Stale == "" || first.Refreshed != nil); i++ {
		r, execution, err := once(ctx, c)
		if err != nil {
			return first, named(out.File, err)
		}
		if i == 0 {
			first = r
			out.Shown(&r)
		}
		if r.Refreshed != nil {
			c = r.Refreshed
			if err := properties.WriteFile(out.File, c.Format()); err != nil {
				unsaved = fmt.Errorf("%s: it still fails, and its file cannot be written anew: %w", out.File, err)
				out.Refreshed = false
			}
		}
		if execution != "" {
			different[execution] = true
		}
		out.Add(r.Reproduced, len(different), time.Since(began))
	}
	return first, errors.Join(out.Text(w, a.wantsColour(w), width(w)), unsaved)
}

// named puts the file's name before an error that does not say it.
func named(path string, err error) error {
	if strings.HasPrefix(err.Error(), path) {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}
