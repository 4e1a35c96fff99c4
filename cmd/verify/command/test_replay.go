package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/gotest"
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
	out.Heading(w, "", width(w))
	_, err = a.replayTimes(ctx, w, o.times, out, c, func(ctx context.Context, c *properties.Counterexample) (properties.Replay, string, error) {
		r, err := l.Replay(ctx, c)
		if err != nil {
			return properties.Replay{}, "", err
		}
		out.Changed = out.Changed || r.Changed
		return r.Replay, r.Hash, nil
	})
	return err
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
		words = append(words, name+"="+text.QuoteWord(value))
	}
	for _, w := range command {
		words = append(words, text.QuoteWord(w))
	}
	fmt.Fprintf(a.stdout, "cd %s && %s\n", text.QuoteWord(dir), strings.Join(words, " "))
	return nil
}
