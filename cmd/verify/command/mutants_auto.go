package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties/catalogue/checker"
	"synchrony/properties/mutants"
	"synchrony/properties/mutants/auto"
	"synchrony/reports/mutation"
)

// defaultAutoSample is how many automatic mutants are tested unless told otherwise.
const defaultAutoSample = 30

// mutantsAutoOptions is the command line of verify mutants auto.
type mutantsAutoOptions struct {
	mutantOptions

	packages []string // folders whose mutants are drawn; none is all that are mutated
	time     time.Duration
}

// mutantsAutoCommand prints a mutation score.
func (a *app) mutantsAutoCommand() *cobra.Command {
	var o mutantsAutoOptions
	cmd := &cobra.Command{
		Use:   "auto",
		Short: "Break the systems in every small way, and count who notices",
		Long: `Break the systems in every small way, and count who notices. Mutants are made by
rules from the source of the executors and of the checkers: every way of swapping
a comparison, dropping a call or splitting a critical section. A sample of them is
drawn, and each is tested with the properties of its system, one of a checker with
those about checkers; one that survives shows a gap in those, unless it is listed
as equivalent, with a reason.

The source, which is not changed, is found at or above the working directory, or
named by --source; the go command must be there to build it.

The same seed gives the same table, but for times, whatever --jobs.

Exit codes: 0 every mutant was killed, or is equivalent; 1 one has survived;
2 wrong use, or the harness itself failed; 3 some were not tested.`,
		Example: `  verify mutants auto                           30 mutants
  verify mutants auto --sample 200 --seed 1     200: some minutes
  verify mutants auto --package executor        of the executors alone
  verify mutants auto --package checkers/order  of one checker
  verify mutants auto --json score.json`,
		Args: unnamed,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cmp.Or(o.check(cmd), checkTime(cmd, o.time)); err != nil {
				return err
			}
			return a.autoMutants(cmd, &o)
		},
	}
	f := cmd.Flags()
	o.drawFlags(f)
	o.jobsFlag(f)
	f.DurationVar(&o.time, "time", 0, "begin no mutant after this time")
	return cmd
}

// unnamed refuses words in place of mutants.
func unnamed(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrongUse(cmd, "mutants are drawn by --seed, not named, such as %q", args[0])
	}
	return nil
}

// drawFlags adds the flags that say which mutants are drawn, wherever they are tested.
func (o *mutantsAutoOptions) drawFlags(f *pflag.FlagSet) {
	o.flags(f)
	sample := f.Lookup("sample")
	sample.Usage, sample.DefValue = "test this many mutants, drawn by the seed", strconv.Itoa(defaultAutoSample)
	o.sample = defaultAutoSample
	f.StringSliceVar(&o.packages, "package", nil, "draw mutants of the packages in this `folder` of the source alone (default: of all executors and checkers)")
}

// check refuses options that make no sense, and makes the packages those that are meant.
func (o *mutantsAutoOptions) check(cmd *cobra.Command) error {
	if err := o.mutantOptions.check(cmd); err != nil {
		return err
	}
	var unknown string
	if o.packages, unknown = auto.Within(o.packages); unknown != "" {
		return wrongUse(cmd, "--package %q is none of the folders whose code is mutated: %s", unknown, strings.Join(auto.Targets(), ", "))
	}
	return nil
}

// autoMutants is verify mutants auto, once its options are known to be right.
func (a *app) autoMutants(cmd *cobra.Command, o *mutantsAutoOptions) error {
	if err := checkOutput(o.json); err != nil {
		return err
	}
	workspace, err := o.workspace()
	if err != nil {
		return err
	}
	report := &mutation.AutoMutants{
		Tool: "verify " + version(), Command: onOneMachine(cmd, repeatLine(cmd, nil, "sample", "seed")), Seed: o.seed, Packages: o.packages,
	}
	err = a.testAuto(cmd.Context(), workspace, o, report)
	if err = errors.Join(err, workspace.Close()); err != nil {
		return err
	}
	if o.json != "" {
		if err := a.writeOutput(o.json, func(w io.Writer) error { return mutation.AutoMutantsJSON(w, report) }); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.json, err)
		}
	}
	return exit(statusCode(report.Status()))
}

// draw draws the mutants from the source of a workspace.
func (s *autoSetting) draw(ctx context.Context, w *mutants.Workspace) (*auto.Source, []*auto.Mutant, error) {
	source, err := auto.Load(ctx, w.Root(), s.Packages...)
	if err != nil {
		return nil, nil, err
	}
	return source, source.Sample(s.Sample, s.Seed), nil
}

// tester tests mutants in a workspace.
func (a *app) tester(w *mutants.Workspace, s *auto.Schemata) (*auto.Tester, error) {
	equivalent, err := auto.Reviewed()
	return &auto.Tester{
		Workspace: w, Schemata: s, Seed: 1, Equivalent: equivalent, Child: []string{childName}, Lookup: a.registry.Lookup, Judges: a.judges(),
	}, err
}

// judges are the properties about checkers: last those about histories, which ask few of them.
func (a *app) judges() (ids []string) {
	for _, p := range a.registry.All() {
		if in := p.Info(); in.Group == checker.Group {
			ids = append(ids, in.ID)
		}
	}
	slices.Reverse(ids)
	return ids
}

// testAuto draws mutants and tests them, and fills in the report.
func (a *app) testAuto(ctx context.Context, workspace *mutants.Workspace, o *mutantsAutoOptions, report *mutation.AutoMutants) error {
	began := time.Now()
	fmt.Fprintf(a.stderr, "drawing mutants of %s\n", workspace.Root())
	setting := autoSetting{report.Packages, o.sample, o.seed}
	source, drawn, err := setting.draw(ctx, workspace)
	if err != nil {
		return err
	}
	report.Candidates = len(source.Mutants())
	var where mutantPlace[auto.Judge]
	if o.farm != nil {
		o.farm.source = workspace.Root()
		where.farm, err = a.openRequests(ctx, o.farm, report.Command, autoKind, setting, workspace)
		where.judge = &farmedAuto{where.farm, drawn}
	} else {
		where.judge, err = a.tester(workspace, source.Schemata(drawn))
	}
	if err != nil {
		return err
	}
	c := &auto.Campaign{Judge: where.judge, Mutants: drawn, Jobs: o.jobs}
	if o.time > 0 {
		c.End = began.Add(o.time)
	}
	defer where.end(ctx)
	return a.scoreAuto(ctx, c, where, o, report, began)
}

// scoreAuto tests mutants, and writes the table as it goes.
func (a *app) scoreAuto(ctx context.Context, c *auto.Campaign, where mutantPlace[auto.Judge], o *mutantsAutoOptions, report *mutation.AutoMutants, began time.Time) error {
	var out io.Writer = a.stdout
	if o.json == "-" {
		out = a.stderr
	}
	fmt.Fprintf(a.stderr, "the program as it is must pass what the mutants must not\n")
	out, stop := where.show(a.stderr, out)
	defer stop()
	if err := c.Baseline(ctx, report.Packages); err != nil {
		return err
	}
	table := mutation.NewAutoTable(out, report, a.wantsColour(out))
	table.Header(len(c.Mutants))
	err := c.Run(ctx, func(r auto.Result) {
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
