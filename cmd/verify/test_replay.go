package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/gotest"
	"synchrony/reports"
	"synchrony/reports/results"
)

// replayTestFile is verify test --replay FILE.
func (a *app) replayTestFile(cmd *cobra.Command, o *testOptions) error {
	c, err := properties.LoadCounterexample(o.replay)
	if err != nil {
		return err
	}
	if !gotest.IsOf(c) {
		return fmt.Errorf("%s: it is of the property %s, not of a test; use verify replay", o.replay, c.Property)
	}
	if o.Debug = o.debugger != ""; o.Debug {
		l, err := gotest.Load(cmd.Context(), o.Options, o.replay, c)
		if err != nil {
			return err
		}
		return a.printDebug(l, o.debugger)
	}
	if err := o.outputs.check(cmd); err != nil {
		return err
	}
	r := results.NewReplayed(o.replay, c)
	err = a.replayTest(cmd.Context(), a.text(o.outputs), o, &r, c)
	code, err := a.replayedCode(&r, err)
	if err != nil {
		return err
	}
	if path := o.outputs.path("json"); path != "" {
		err = a.writeOutput(path, func(w io.Writer) error { return results.ReplaysJSON(w, []results.Replayed{r}) })
		if !a.wrote(path, err) && code != exitViolated {
			code = exitError
		}
	}
	return exit(code)
}

// replayTest reproduces the counterexample of a test as often as asked, notes in out what that showed, and writes to w what
// happened the first time.
func (a *app) replayTest(ctx context.Context, w io.Writer, o *testOptions, out *results.Replayed, c *properties.Counterexample) error {
	l, err := gotest.Load(ctx, o.Options, out.File, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n%s: %s\n", out.File, c.Property, c.Reason)
	hashes, began := map[string]bool{}, time.Now()
	for i := range o.times {
		r, err := l.Replay(ctx)
		if err != nil {
			return named(out.File, err)
		}
		if i == 0 {
			out.Judged(gotest.Checker, r.Verdict())
			out.Stale, out.Changed, out.Story, out.Schedules = r.Stale, r.Changed, r.Story, 1
			if r.Stale != "" {
				return fmt.Errorf("%s: stale: %s; verify test searches it anew", out.File, r.Stale)
			}
			printReplayed(w, r)
		}
		hashes[r.Hash] = true
		out.Add(r.Reproduced, len(hashes), time.Since(began))
	}
	word := "not reproduced"
	if out.Reproduced == out.Times {
		word = "reproduced"
	}
	fmt.Fprintf(w, "%s: %d of %d, in %s; %s\n", word, out.Reproduced, out.Times, reports.Seconds(time.Since(began)),
		plural(out.Executions, "different execution"))
	return nil
}

func printReplayed(w io.Writer, r *gotest.Replayed) {
	fmt.Fprintf(w, "%s: %s\n", r.Kind, reports.Legible(r.Reason))
	if r.Changed {
		fmt.Fprintln(w, "the tested code has changed since; the schedule still fits")
	}
	for _, lines := range [][]string{r.Evidence, r.Story} {
		for _, line := range lines {
			fmt.Fprintf(w, "  %s\n", reports.Legible(line))
		}
	}
}

// printDebug prints the command that runs a counterexample under a debugger.
func (a *app) printDebug(l *gotest.Loaded, debugger string) error {
	env, command, dir, err := l.Debug(debugger)
	if err != nil {
		return err
	}
	var words []string
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		words = append(words, name+"="+reports.Quote(value))
	}
	for _, w := range command {
		words = append(words, reports.Quote(w))
	}
	fmt.Fprintf(a.stdout, "cd %s && %s\n", reports.Quote(dir), strings.Join(words, " "))
	return nil
}
