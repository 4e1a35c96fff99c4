package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties"
	"synchrony/properties/catalogue/vm"
	"synchrony/properties/mutants"
	"synchrony/reports/mutation"
)

// mutantTime is how long a property may take on one mutant, shrinking included.
const mutantTime = 5 * time.Minute

// mutantPatience is how long a property may show no sign of life on a mutant. A
// hanging one costs some of them.
const mutantPatience = 15 * time.Second

// mutantsRunOptions is the command line of verify mutants run.
type mutantsRunOptions struct {
	mutantOptions

	words      []string // names of mutants; none is all
	iterations int
	time       time.Duration
	markdown   string
	html       string
	keep       string
}

// mutantsRunCommand prints the kill table.
func (a *app) mutantsRunCommand() *cobra.Command {
	var o mutantsRunOptions
	cmd := &cobra.Command{
		Use:   "run [NAME…]",
		Short: "Break the systems in known ways, and see who notices",
		Long: `Break the systems in known ways, and see who notices. A mutant is this program
with one mechanism removed or wrong, and names the property that must find it
("verify list --mutants" lists them). Each is built from the program's source,
its property is run on it, and the counterexample is replayed: 10 times on the
mutant, which must fail each time, and once on the program as it is, which must
pass. Before that, the program as it is must pass all these properties.

The source, which is not changed, is found at or above the working directory, or
named by --source; the go command must be there to build it.

The same seed gives the same table, but for times, whatever --jobs.

Exit codes: 0 every mutant was killed by its property; 1 one was not, or its
patch does not fit the source any more; 2 wrong use, or the harness itself
failed; 3 some were not tried.`,
		Example: `  verify mutants run                          all of them: some minutes
  verify mutants run graph-no-war             one
  verify mutants run --sample 10 --seed 7     ten, drawn at random
  verify mutants run --json kills.json`,
		ValidArgsFunction: mutantNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words = args
			if err := o.check(cmd); err != nil {
				return err
			}
			return a.runMutants(cmd, &o)
		},
	}
	f := cmd.Flags()
	o.flags(f)
	o.jobsFlag(f)
	o.caseFlags(f)
	f.DurationVar(&o.time, "time", 0, "begin no mutant after this time")
	return cmd
}

// caseFlags adds the flags that say how mutants are tried, and what is written, wherever that is.
func (o *mutantsRunOptions) caseFlags(f *pflag.FlagSet) {
	f.IntVarP(&o.iterations, "iterations", "n", defaultIterations, "cases for each property; a mutant may ask for more")
	f.StringVar(&o.markdown, "markdown", "", "write the table as Markdown to this `file`; - is as for --json")
	f.StringVar(&o.html, "html", "", "write the table as one HTML page to this `file`; - is as for --json")
	f.StringVar(&o.keep, "keep", "", "keep the counterexamples in this `folder`, each under its mutant's name")
	unrepeated(f, "markdown", "html", "keep")
}

func (o *mutantsRunOptions) check(cmd *cobra.Command) error {
	if o.iterations < 1 {
		return wrongUse(cmd, "--iterations is %d, and must be at least 1", o.iterations)
	}
	return cmp.Or(distinct(cmd, o.files()), o.mutantOptions.check(cmd), checkTime(cmd, o.time), notEmpty(cmd, "markdown", "html", "keep"))
}

// files are where the forms of the table go.
func (o *mutantsRunOptions) files() []form {
	return []form{{flag: "json", path: o.json}, {flag: "markdown", path: o.markdown}, {flag: "html", path: o.html}}
}

// runMutants is verify mutants run, once its options are known to be right.
func (a *app) runMutants(cmd *cobra.Command, o *mutantsRunOptions) error {
	chosen, err := o.selected(cmd, o.words)
	if err != nil {
		return err
	}
	for _, m := range chosen {
		if _, known := a.registry.Lookup(m.KilledBy); !known {
			return fmt.Errorf("mutant %s is to be killed by %s, and there is no such property", m.Name, m.KilledBy)
		}
	}
	for _, f := range o.files() {
		if err := checkOutput(f.path); err != nil {
			return err
		}
	}
	if o.keep != "" {
		if err := properties.CheckFolder(o.keep); err != nil {
			return fmt.Errorf("counterexamples cannot be kept in %s: %w", o.keep, err)
		}
	}
	workspace, err := o.workspace()
	if err != nil {
		return err
	}
	report := &mutation.Mutants{
		Tool: "verify " + version(), Command: onOneMachine(cmd, repeatLine(cmd, o.words, "seed")), Seed: o.seed, Iterations: o.iterations, Units: a.units(),
	}
	where, err := a.whereMutants(cmd.Context(), workspace, o, report.Command)
	if err == nil {
		err = a.tryMutants(cmd.Context(), where, o, chosen, report)
		where.end(cmd.Context())
	}
	if err = errors.Join(err, workspace.Close()); err != nil {
		return err
	}
	return a.concludeMutants(o, report)
}

// units says what sizes count, by property.
func (a *app) units() map[string]string {
	units := map[string]string{}
	for _, c := range a.registry.All() {
		in := c.Info()
		units[in.ID] = "transactions"
		if in.Group == vm.Group {
			units[in.ID] = "instructions"
		}
	}
	return units
}

// whereMutants is where the mutants are tried: here, or on a farm.
func (a *app) whereMutants(ctx context.Context, workspace *mutants.Workspace, o *mutantsRunOptions, command string) (where mutantPlace[mutants.Judge], err error) {
	setting := mutantsSetting{o.seed, o.iterations}
	if o.farm != nil {
		o.farm.source = workspace.Root()
		where.farm, err = a.openRequests(ctx, o.farm, command, mutantsKind, setting, workspace)
		where.judge = farmedMutants{where.farm}
		return where, err
	}
	fmt.Fprintf(a.stderr, "building the program as it is from %s\n", workspace.Root())
	where.judge, err = mutants.NewBench(ctx, workspace, a.settings(setting))
	return where, err
}

// tryMutants tries the mutants, writes the table as it goes, and fills in the report.
func (a *app) tryMutants(ctx context.Context, where mutantPlace[mutants.Judge], o *mutantsRunOptions, chosen []*mutants.Mutant, report *mutation.Mutants) error {
	var out io.Writer = a.stdout
	if slices.ContainsFunc(o.files(), func(f form) bool { return f.path == "-" }) {
		out = a.stderr
	}
	fmt.Fprintf(a.stderr, "the program as it is must pass what the mutants must not\n")
	out, stop := where.show(a.stderr, out)
	defer stop()
	began := time.Now()
	c := &mutants.Campaign{Judge: where.judge, Mutants: chosen, Iterations: o.iterations, Jobs: o.jobs, Keep: o.keep}
	if o.time > 0 {
		c.End = began.Add(o.time)
	}
	if err := c.Fit(ctx); err != nil {
		return err
	}
	table := mutation.NewKillTable(out, report, chosen, a.wantsColour(out))
	table.Header(len(chosen))
	err := c.Run(ctx, func(_ int, r mutants.Record) {
		report.Records = append(report.Records, r)
		table.Record(&r)
	})
	if report.Interrupted = ctx.Err() != nil; err != nil && !report.Interrupted {
		return err
	}
	report.Elapsed = time.Since(began)
	table.Summary()
	return table.Err()
}

// neighbours are the other properties of a property's group.
func (a *app) neighbours(id string) []string {
	var ids []string
	own, _ := a.registry.Lookup(id)
	for _, c := range a.registry.All() {
		if in := c.Info(); in.Group == own.Info().Group && in.ID != own.Info().ID {
			ids = append(ids, in.ID)
		}
	}
	return ids
}

// concludeMutants writes the files that were asked for, and turns the verdict into
// the exit code.
func (a *app) concludeMutants(o *mutantsRunOptions, report *mutation.Mutants) error {
	for _, f := range []struct {
		path   string
		render func(io.Writer, *mutation.Mutants) error
	}{{o.json, mutation.MutantsJSON}, {o.markdown, mutation.KillTableMarkdown}, {o.html, mutantsHTML}} {
		if f.path == "" {
			continue
		}
		if err := a.writeOutput(f.path, func(w io.Writer) error { return f.render(w, report) }); err != nil {
			return fmt.Errorf("cannot write %s: %w", f.path, err)
		}
	}
	return exit(statusCode(report.Status()))
}
