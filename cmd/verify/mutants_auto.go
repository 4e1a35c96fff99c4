package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties/mutants/auto"
	"synchrony/reports"
	"synchrony/reports/mutation"
)

// defaultAutoSample is how many automatic mutants are tested unless told otherwise.
const defaultAutoSample = 30

// checkAuto checks the options that only automatic mutants have, or do not have.
func (o *mutantOptions) checkAuto(cmd *cobra.Command) error {
	if !o.auto {
		return nil
	}
	if len(o.words) > 0 {
		return wrongUse(cmd, "--auto draws mutants, and takes no names of others")
	}
	if err := notFor(cmd, "--auto", "iterations", "markdown", "html", "keep"); err != nil {
		return err
	}
	if o.sample == 0 {
		o.sample = defaultAutoSample
	}
	return nil
}

// autoCommand is the command line that repeats a run of automatic mutants.
func (o *mutantOptions) autoCommand() string {
	words := []string{"verify", "mutants", "--auto", "--sample", strconv.Itoa(o.sample), "--seed", strconv.FormatUint(o.seed, 10)}
	if o.source != "" {
		words = append(words, "--source", reports.Quote(o.source))
	}
	return strings.Join(words, " ")
}

// autoMutants is verify mutants --auto, once its options are known to be right.
func (a *app) autoMutants(cmd *cobra.Command, o *mutantOptions) error {
	equivalent, err := auto.Reviewed()
	if err != nil {
		return err
	}
	if err := checkOutput(o.json); err != nil {
		return err
	}
	lab, err := o.lab()
	if err != nil {
		return err
	}
	report := &mutation.AutoMutants{Tool: "verify " + version(), Command: o.autoCommand(), Seed: o.seed, Packages: auto.Targets()}
	tester := &auto.Tester{Lab: lab, Seed: 1, Equivalent: equivalent, Child: []string{childName}, Lookup: a.registry.Lookup}
	err = a.testAuto(cmd.Context(), tester, o, report)
	if err = errors.Join(err, lab.Close()); err != nil {
		return err
	}
	if o.json != "" {
		if err := a.writeOutput(o.json, func(w io.Writer) error { return mutation.AutoMutantsJSON(w, report) }); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.json, err)
		}
	}
	return exit(statusCode(report.Status()))
}

// testAuto draws mutants and tests them, writes the table as it goes, and fills in the report.
func (a *app) testAuto(ctx context.Context, tester *auto.Tester, o *mutantOptions, report *mutation.AutoMutants) error {
	var out io.Writer = a.stdout
	if o.json == "-" {
		out = a.stderr
	}
	began := time.Now()
	fmt.Fprintf(a.stderr, "drawing mutants of %s\n", tester.Lab.Root())
	source, err := auto.Load(ctx, tester.Lab.Root(), report.Packages...)
	if err != nil {
		return err
	}
	drawn := source.Sample(o.sample, o.seed)
	report.Candidates = len(source.Mutants())
	tester.Schemata = source.Schemata(drawn)
	fmt.Fprintf(a.stderr, "the program as it is must pass what the mutants must not\n")
	if err := tester.Baseline(ctx, report.Packages); err != nil {
		return err
	}
	c := &auto.Campaign{Tester: tester, Mutants: drawn, Jobs: o.jobs}
	if o.time > 0 {
		c.End = began.Add(o.time)
	}
	table := mutation.NewAutoTable(out, report, a.wantsColour(out))
	table.Header(len(drawn))
	err = c.Run(ctx, func(r auto.Result) {
		report.Results = append(report.Results, r)
		table.Result(&r)
	})
	if report.Interrupted = ctx.Err() != nil; err != nil && !report.Interrupted {
		return err
	}
	report.Elapsed = time.Since(began)
	table.Summary()
	return table.Err()
}
