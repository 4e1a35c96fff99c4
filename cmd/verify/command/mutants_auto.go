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

	"synchrony/properties/catalogue/checker"
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
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongUse(cmd, "mutants are drawn by --seed, not named, such as %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cmp.Or(o.check(cmd), checkTime(cmd, o.time)); err != nil {
				return err
			}
			var unknown string
			if o.packages, unknown = auto.Within(o.packages); unknown != "" {
				return wrongUse(cmd, "--package %q is none of the folders whose code is mutated: %s", unknown, strings.Join(auto.Targets(), ", "))
			}
			return a.autoMutants(cmd, &o)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	sample := f.Lookup("sample")
	sample.Usage, sample.DefValue = "test this many mutants, drawn by the seed", strconv.Itoa(defaultAutoSample)
	o.sample = defaultAutoSample
	f.StringSliceVar(&o.packages, "package", nil, "draw mutants of the packages in this `folder` of the source alone (default: of all executors and checkers)")
	f.DurationVar(&o.time, "time", 0, "begin no mutant after this time")
	return cmd
}

// autoMutants is verify mutants auto, once its options are known to be right.
func (a *app) autoMutants(cmd *cobra.Command, o *mutantsAutoOptions) error {
	equivalent, err := auto.Reviewed()
	if err != nil {
		return err
	}
	if err := checkOutput(o.json); err != nil {
		return err
	}
	workspace, err := o.workspace()
	if err != nil {
		return err
	}
	report := &mutation.AutoMutants{Tool: "verify " + version(), Command: repeatLine(cmd, nil, "sample", "seed"), Seed: o.seed, Packages: o.packages}
	tester := &auto.Tester{
		Workspace: workspace, Seed: 1, Equivalent: equivalent, Child: []string{childName}, Lookup: a.registry.Lookup, Judges: a.judges(),
	}
	err = a.testAuto(cmd.Context(), tester, o, report)
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

// testAuto draws mutants and tests them, writes the table as it goes, and fills in the report.
func (a *app) testAuto(ctx context.Context, tester *auto.Tester, o *mutantsAutoOptions, report *mutation.AutoMutants) error {
	var out io.Writer = a.stdout
	if o.json == "-" {
		out = a.stderr
	}
	began := time.Now()
	fmt.Fprintf(a.stderr, "drawing mutants of %s\n", tester.Workspace.Root())
	source, err := auto.Load(ctx, tester.Workspace.Root(), report.Packages...)
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
