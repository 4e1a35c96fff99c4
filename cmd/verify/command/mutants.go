package command

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/properties/mutants"
	"synchrony/reports/results"
)

// mutantsCommand breaks the systems; its subcommands do.
func (a *app) mutantsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mutants",
		Short: "Break the systems on purpose, and see who notices",
		Long: `Break the systems on purpose, and see who notices: in ways that are known to
matter (run), in every small way that a table of rules allows (auto), or to see
which strategy finds what is broken with the fewest schedules (strategies).

Mutants are built from the program's source, which is not changed. It is found at
or above the working directory, or named by --source; the go command must be there.

Exit codes: 0 every mutant was killed; 1 one was not; 2 wrong use, or the harness
itself failed; 3 some were not tried.`,
		Example: `  verify mutants run                      the known ones: some minutes
  verify mutants auto --sample 200        automatic ones: a mutation score
  verify mutants strategies > table.md    which strategy finds what sooner`,
		Args: whichMutants,
		RunE: whichMutants,
	}
	cmd.SetFlagErrorFunc(movedFlags)
	cmd.AddCommand(a.mutantsRunCommand(), a.mutantsAutoCommand(), a.mutantsStrategiesCommand())
	return cmd
}

// whichMutants refuses whatever names no command: what ran all mutants or those named, before there
// were commands, must not pass as a run of none.
func whichMutants(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return wrongUse(cmd, "which mutants? verify mutants run, auto or strategies")
	case isMutant(args[0]):
		return wrongUse(cmd, "%s is tried by %s run %s", args[0], cmd.CommandPath(), strings.Join(args, " "))
	}
	return wrongUse(cmd, "unknown command %q%s", args[0], didYouMean(args[0], commandNames(cmd)))
}

func isMutant(name string) bool {
	all, err := mutants.All()
	return err == nil && mutants.Find(all, name) != nil
}

// movedFlags names the command that a flag belongs to now, of those that verify mutants had before
// it had commands of its own.
func movedFlags(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	if cmd.Name() != "mutants" || !errors.As(err, &missing) {
		return flagError(cmd, err)
	}
	name, dashes := missing.GetSpecifiedName(), "--"
	if missing.GetSpecifiedShortnames() != "" {
		dashes = "-"
	}
	for _, sub := range []string{"run", "auto", "strategies"} {
		if name == sub {
			return wrongUse(cmd, "--%s is a command now: verify mutants %s", name, name)
		}
		of, _, _ := cmd.Find([]string{sub})
		if f := of.Flags(); f.Lookup(name) != nil || dashes == "-" && f.ShorthandLookup(name) != nil {
			return wrongUse(cmd, "%s%s is for a command now, such as verify mutants %s %s%s", dashes, name, sub, dashes, name)
		}
	}
	return flagError(cmd, err)
}

// mutantOptions is what the commands about mutants have in common.
type mutantOptions struct {
	sample int // 0 is all
	seed   uint64
	jobs   int
	json   string
	source string
	farm   *farmOptions // nil is this machine
}

// flags adds the flags for these options.
func (o *mutantOptions) flags(f *pflag.FlagSet) {
	f.IntVar(&o.sample, "sample", 0, "try this many mutants, drawn by the seed (default: all)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the cases, and of the sample")
	f.StringVar(&o.json, "json", "", "write the table as JSON to this `file`; - is standard output, and the text then goes to standard error")
	f.StringVar(&o.source, "source", "", "`folder` of the program's source (default: found from the working directory)")
	unrepeated(f, "json")
}

// jobsFlag adds the flag that says how many mutants are tried at once on this machine.
func (o *mutantOptions) jobsFlag(f *pflag.FlagSet) {
	f.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "mutants that are tried at once")
	unrepeated(f, "jobs")
}

// check refuses options that make no sense.
func (o *mutantOptions) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case given("sample") && o.sample < 1:
		return wrongUse(cmd, "--sample is %d, and must be at least 1", o.sample)
	case o.jobs < 1:
		return wrongUse(cmd, "--jobs is %d, and must be at least 1", o.jobs)
	}
	return notEmpty(cmd, "json", "source")
}

// notEmpty refuses flags that name nothing.
func notEmpty(cmd *cobra.Command, flags ...string) error {
	for _, name := range flags {
		if f := cmd.Flag(name); f.Changed && f.Value.String() == "" {
			return wrongUse(cmd, "--%s is empty, and must name something", name)
		}
	}
	return nil
}

// checkTime refuses a limit that is none.
func checkTime(cmd *cobra.Command, limit time.Duration) error {
	if cmd.Flags().Changed("time") && limit <= 0 {
		return wrongUse(cmd, "--time is %v, and must be more than 0", limit)
	}
	return nil
}

// workspace opens a workspace for the source that is meant.
func (o *mutantOptions) workspace() (*mutants.Workspace, error) {
	root, err := mutants.FindSource(o.source)
	if err != nil {
		return nil, err
	}
	return mutants.NewWorkspace(root)
}

// selected returns the mutants that the words name, all if there are none, or a sample of them.
func (o *mutantOptions) selected(cmd *cobra.Command, words []string) ([]*mutants.Mutant, error) {
	all, err := mutants.All()
	if err != nil {
		return nil, err
	}
	if len(words) > 0 {
		var names []string
		for _, m := range all {
			names = append(names, m.Name)
		}
		for _, w := range words {
			if !slices.Contains(names, w) {
				return nil, wrongUse(cmd, "there is no mutant %q%s; verify list --mutants names those there are", w, didYouMean(w, names))
			}
		}
		all = slices.DeleteFunc(all, func(m *mutants.Mutant) bool { return !slices.Contains(words, m.Name) })
	}
	if o.sample > 0 {
		all = mutants.Sample(all, o.sample, o.seed)
	}
	return all, nil
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
