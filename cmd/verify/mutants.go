package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/catalogue/vm"
	"synchrony/properties/mutants"
	"synchrony/reports"
	"synchrony/reports/mutation"
	"synchrony/reports/results"
)

// mutantTime is how long a property may take on one mutant, shrinking included.
const mutantTime = 5 * time.Minute

// mutantPatience is how long a property may show no sign of life on a mutant. A
// hanging one costs some of them.
const mutantPatience = 15 * time.Second

// mutantOptions is the command line of verify mutants.
type mutantOptions struct {
	words      []string // names of mutants; none is all
	auto       bool     // automatic mutants, and not the kept ones
	sample     int      // 0 is all
	seed       uint64
	iterations int
	jobs       int
	time       time.Duration
	json       string
	markdown   string
	html       string
	keep       string
	source     string
	strategies bool // compare strategies instead
	seeds      int
}

// mutantsCommand prints the kill table.
func (a *app) mutantsCommand() *cobra.Command {
	var o mutantOptions
	cmd := &cobra.Command{
		Use:   "mutants [NAME…]",
		Short: "Break the systems in known ways, and see who notices",
		Long: `Break the systems in known ways, and see who notices. A mutant is this program
with one mechanism removed or wrong, and names the property that must find it
("verify list --mutants" lists them). Each is built from the program's source,
its property is run on it, and the counterexample is replayed: 10 times on the
mutant, which must fail each time, and once on the program as it is, which must
pass. Before that, the program as it is must pass all these properties.

With --auto, mutants are made by rules instead: every way of swapping a
comparison, dropping a call or splitting a critical section of the executors.
A sample of them is drawn, and each is tested with all properties; one that
survives shows a gap in those, unless it is listed as equivalent, with a reason.

With --strategies, ways to choose schedules are compared instead: how many each
has to run until it has found a mutant, as the median over --seeds seeds. Unless
named, the mutants are those whose patches say that they need schedules.

The source, which is not changed, is found at or above the working directory, or
named by --source; the go command must be there to build it.

The same seed gives the same table, but for times, whatever --jobs.

Exit codes: 0 every mutant was killed by its property; 1 one was not, or its
patch does not fit the source any more; 2 wrong use, or the harness itself
failed; 3 some were not tried.`,
		Example: `  verify mutants                          all of them: some minutes
  verify mutants graph-no-war             one
  verify mutants --sample 10 --seed 7     ten, drawn at random
  verify mutants --auto --sample 200      automatic ones: a mutation score
  verify mutants --strategies > table.md  which strategy finds what sooner
  verify mutants --json kills.json`,
		ValidArgsFunction: mutantNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.words = args
			if err := o.check(cmd); err != nil {
				return err
			}
			if o.strategies {
				return a.compareStrategies(cmd, &o)
			}
			if o.auto {
				return a.autoMutants(cmd, &o)
			}
			return a.mutants(cmd, &o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.auto, "auto", false, "make mutants by rules from the executors' source, 30 unless --sample says otherwise, and test each with all properties")
	f.IntVar(&o.sample, "sample", 0, "try this many mutants, drawn by the seed (default: all)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the cases, and of the sample")
	f.IntVarP(&o.iterations, "iterations", "n", defaultIterations, "cases for each property; a mutant may ask for more")
	f.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "mutants that are tried at once")
	f.DurationVar(&o.time, "time", 0, "begin no mutant after this time")
	f.StringVar(&o.json, "json", "", "write the table as JSON to this `file`; - is standard output, and the text then goes to standard error")
	f.StringVar(&o.markdown, "markdown", "", "write the table as Markdown to this `file`; - is as for --json")
	f.StringVar(&o.html, "html", "", "write the table as one HTML page to this `file`; - is as for --json")
	f.StringVar(&o.keep, "keep", "", "keep the counterexamples in this `folder`, each under its mutant's name")
	f.BoolVar(&o.strategies, "strategies", false, "print instead, as Markdown, how many schedules each strategy needs to find each mutant that the default schedules do not show")
	f.IntVar(&o.seeds, "seeds", 50, "seeds of each strategy, with --strategies: the median is printed")
	f.StringVar(&o.source, "source", "", "`folder` of the program's source (default: found from the working directory)")
	return cmd
}

// mutantNames completes the names of mutants in a shell.
func mutantNames(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []string
	all, err := mutants.All()
	for _, m := range all {
		names = append(names, cobra.CompletionWithDesc(m.Name, m.Breaks))
	}
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (o *mutantOptions) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case given("sample") && o.sample < 1:
		return wrongUse(cmd, "--sample is %d, and must be at least 1", o.sample)
	case o.iterations < 1:
		return wrongUse(cmd, "--iterations is %d, and must be at least 1", o.iterations)
	case o.jobs < 1:
		return wrongUse(cmd, "--jobs is %d, and must be at least 1", o.jobs)
	case given("time") && o.time <= 0:
		return wrongUse(cmd, "--time is %v, and must be more than 0", o.time)
	case len(o.standard()) > 1:
		return wrongUse(cmd, "--%s cannot both be standard output", strings.Join(o.standard(), " and --"))
	}
	for _, name := range []string{"json", "markdown", "html", "keep", "source"} {
		if given(name) && cmd.Flag(name).Value.String() == "" {
			return wrongUse(cmd, "--%s is empty, and must name something", name)
		}
	}
	if err := o.checkStrategies(cmd); err != nil {
		return err
	}
	return o.checkAuto(cmd)
}

// notFor refuses flags that a mode of the command has no use for.
func notFor(cmd *cobra.Command, mode string, flags ...string) error {
	for _, name := range flags {
		if cmd.Flags().Changed(name) {
			return wrongUse(cmd, "--%s is not for %s", name, mode)
		}
	}
	return nil
}

// lab opens a lab for the source that is meant.
func (o *mutantOptions) lab() (*mutants.Lab, error) {
	root, err := mutants.FindSource(o.source)
	if err != nil {
		return nil, err
	}
	return mutants.NewLab(root)
}

// standard names the forms that go to standard output.
func (o *mutantOptions) standard() []string {
	var names []string
	for _, f := range []struct{ name, path string }{{"json", o.json}, {"markdown", o.markdown}, {"html", o.html}} {
		if f.path == "-" {
			names = append(names, f.name)
		}
	}
	return names
}

// command is the command line that repeats the run.
func (o *mutantOptions) command() string {
	words := []string{"verify", "mutants"}
	for _, w := range o.words {
		words = append(words, reports.Quote(w))
	}
	if o.sample > 0 {
		words = append(words, "--sample", strconv.Itoa(o.sample))
	}
	if o.iterations != defaultIterations {
		words = append(words, "--iterations", strconv.Itoa(o.iterations))
	}
	return strings.Join(append(words, "--seed", strconv.FormatUint(o.seed, 10)), " ")
}

// selectedMutants returns the mutants that the command line means, by name.
func (o *mutantOptions) selectedMutants(cmd *cobra.Command) ([]*mutants.Mutant, error) {
	all, err := mutants.All()
	if err != nil {
		return nil, err
	}
	if len(o.words) > 0 {
		var names []string
		for _, m := range all {
			names = append(names, m.Name)
		}
		for _, w := range o.words {
			if !slices.Contains(names, w) {
				return nil, wrongUse(cmd, "there is no mutant %q%s; verify list --mutants names those there are", w, didYouMean(w, names))
			}
		}
		all = slices.DeleteFunc(all, func(m *mutants.Mutant) bool { return !slices.Contains(o.words, m.Name) })
	}
	if o.sample > 0 {
		all = mutants.Sample(all, o.sample, o.seed)
	}
	return all, nil
}

// mutants is verify mutants, once its options are known to be right.
func (a *app) mutants(cmd *cobra.Command, o *mutantOptions) error {
	chosen, err := o.selectedMutants(cmd)
	if err != nil {
		return err
	}
	for _, m := range chosen {
		if _, known := a.registry.Lookup(m.KilledBy); !known {
			return fmt.Errorf("mutant %s is to be killed by %s, and there is no such property", m.Name, m.KilledBy)
		}
	}
	for _, path := range []string{o.json, o.markdown, o.html} {
		if err := checkOutput(path); err != nil {
			return err
		}
	}
	if o.keep != "" {
		if err := properties.CheckFolder(o.keep); err != nil {
			return fmt.Errorf("counterexamples cannot be kept in %s: %w", o.keep, err)
		}
	}
	lab, err := o.lab()
	if err != nil {
		return err
	}
	report := &mutation.Mutants{
		Tool: "verify " + version(), Command: o.command(), Seed: o.seed, Iterations: o.iterations, Units: a.units(),
	}
	err = a.tryMutants(cmd.Context(), lab, o, chosen, report)
	if err = errors.Join(err, lab.Close()); err != nil {
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

// tryMutants tries the mutants, writes the table as it goes, and fills in the report.
func (a *app) tryMutants(ctx context.Context, lab *mutants.Lab, o *mutantOptions, chosen []*mutants.Mutant, report *mutation.Mutants) error {
	var out io.Writer = a.stdout
	if len(o.standard()) > 0 {
		out = a.stderr
	}
	began := time.Now()
	budget := mutants.Budget{Seed: o.seed, Iterations: o.iterations, Patience: mutantPatience, Time: mutantTime}
	fmt.Fprintf(a.stderr, "building the program as it is from %s\n", lab.Root())
	plain, err := lab.Build(ctx, mutants.Variant{Name: "the program as it is"})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "it must pass what the mutants must not\n")
	if err := lab.Fit(ctx, plain, chosen, budget, o.jobs); err != nil {
		return err
	}
	c := &mutants.Campaign{
		Lab: lab, Mutants: chosen, Jobs: o.jobs,
		Trial: mutants.Trial{Budget: budget, Plain: plain, Others: a.neighbours, Keep: o.keep},
	}
	if o.time > 0 {
		c.End = began.Add(o.time)
	}
	table := mutation.NewKillTable(out, report, chosen, a.wantsColour(out))
	table.Header(len(chosen))
	err = c.Run(ctx, func(_ int, r mutants.Record) {
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
func (a *app) concludeMutants(o *mutantOptions, report *mutation.Mutants) error {
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

// listMutants is verify list --mutants.
func (a *app) listMutants(cmd *cobra.Command, args []string, asJSON bool) error {
	if err := none(cmd, args); err != nil {
		return err
	}
	all, err := mutants.All()
	if err != nil {
		return err
	}
	if asJSON {
		return results.WriteJSON(a.stdout, all)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	for _, m := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", m.Name, m.KilledBy, m.Breaks)
	}
	return w.Flush()
}
