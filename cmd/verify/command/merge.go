package command

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"synchrony/reports/results"
)

// mergeCommand makes one report of those of a run's shards.
func (a *app) mergeCommand() *cobra.Command {
	var o *outputs
	var store storeOptions
	cmd := &cobra.Command{
		Use:   "merge REPORT…",
		Short: "Make one report of those of a run's shards",
		Long: `Make one report of those that the shards of a run have written with --json. But
for times it is the report of the run in one piece: the same verdicts, counts and
counterexamples. All shards must be there, once, and of the same run. Those of verify
test have tests of their own each.

Exit codes: those of verify run; 2 also if the reports do not make up one run.`,
		Example: `  verify run -n 1000 --seed 1 --shard 1/2 --json 1.json
  verify run -n 1000 --seed 1 --shard 2/2 --json 2.json
  verify merge 1.json 2.json --junit verify.xml`,
		Args: atLeastOne("report"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return a.merge(cmd, paths, o, &store)
		},
	}
	o = a.outputFlags(cmd.Flags())
	store.flags(cmd.Flags())
	cmd.Flags().BoolVar(&store.none, "no-store", false, "do not keep the run in the history, as one merged at a terminal is")
	return cmd
}

func (a *app) merge(cmd *cobra.Command, paths []string, o *outputs, store *storeOptions) error {
	var parts []results.Part
	for _, path := range paths {
		run, err := a.readReport(path)
		if err != nil {
			return err
		}
		parts = append(parts, results.Part{File: path, Run: run})
	}
	run, beyond, err := results.Merge(parts)
	if err != nil {
		return err
	}
	for _, line := range beyond {
		fmt.Fprintf(a.stderr, "verify: %s\n", line)
	}
	out := a.text(o)
	if err := results.Console(out, run, a.wantsColour(out)); err != nil {
		return err
	}
	o.trends = a.keep(cmd.Context(), store, run)
	return a.conclude(cmd.Context(), run, o, nil)
}

// readReport reads what verify run --json wrote; - is standard input.
func (a *app) readReport(path string) (*results.Run, error) {
	r := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read the report: %w", err)
		}
		defer f.Close()
		r = f
	}
	run, err := results.ReadJSON(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}
