package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/gotest"
	"synchrony/reports"
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
	o.Debug = o.debugger != ""
	reproduced, err := a.replayTest(cmd, o, o.replay, c)
	switch {
	case err != nil:
		return err
	case o.debugger != "":
		return nil
	case !reproduced:
		return exit(exitNotReproduced)
	}
	return exit(exitViolated)
}

// replayTest reproduces the counterexample of a test as often as asked, and prints what happened the first time.
func (a *app) replayTest(cmd *cobra.Command, o *testOptions, path string, c *properties.Counterexample) (bool, error) {
	l, err := gotest.Load(cmd.Context(), o.Options, path, c)
	if err != nil {
		return false, err
	}
	if o.debugger != "" {
		return true, a.printDebug(l, o.debugger)
	}
	fmt.Fprintf(a.stdout, "%s\n%s: %s\n", path, c.Property, c.Reason)
	hits, hashes, began := 0, map[string]bool{}, time.Now()
	for i := range o.times {
		r, err := l.Replay(cmd.Context())
		if err != nil {
			return false, named(path, err)
		}
		if i == 0 {
			if r.Stale != "" {
				return false, fmt.Errorf("%s: stale: %s; verify test searches it anew", path, r.Stale)
			}
			a.printReplayed(r)
		}
		hashes[r.Hash] = true
		if r.Reproduced {
			hits++
		}
	}
	word := "not reproduced"
	if hits == o.times {
		word = "reproduced"
	}
	fmt.Fprintf(a.stdout, "%s: %d of %d, in %s; %s\n", word, hits, o.times, reports.Seconds(time.Since(began)),
		plural(len(hashes), "different execution"))
	return hits == o.times, nil
}

func (a *app) printReplayed(r *gotest.Replayed) {
	fmt.Fprintf(a.stdout, "%s: %s\n", r.Kind, reports.Legible(r.Reason))
	if r.Changed {
		fmt.Fprintln(a.stdout, "the tested code has changed since; the schedule still fits")
	}
	for _, lines := range [][]string{r.Evidence, r.Story} {
		for _, line := range lines {
			fmt.Fprintf(a.stdout, "  %s\n", reports.Legible(line))
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
