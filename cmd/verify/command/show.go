package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/reports/history"
	"synchrony/reports/results"
)

// showCommand shows the report of a run that was kept.
func (a *app) showCommand() *cobra.Command {
	var store storeOptions
	var o *outputs
	var corpus string
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show the report of a run that was kept",
		Long: `Show the report of a run that was kept, by its number in verify history; last is
the latest. With --corpus its counterexamples are saved once more, for
verify replay.`,
		Example: `  verify show 12
  verify show last --html report.html
  verify show 12 --corpus found && verify replay found/*`,
		Args: exactlyOne("run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if args[0] != "last" && (err != nil || id < 1) {
				return wrongUse(cmd, "%q is no run: verify history has their numbers", args[0])
			}
			if err := o.check(cmd); err != nil {
				return err
			}
			var run *results.Run
			err = store.use(cmd.Context(), func(s *history.Store) error {
				if args[0] == "last" {
					if id, err = latest(cmd, s); err != nil {
						return err
					}
				}
				if run, err = s.Run(cmd.Context(), id); err != nil {
					return err
				}
				o.trends, err = trendsOf(cmd.Context(), s, testedBy(run), id, trendRuns)
				return err
			})
			if err != nil {
				return err
			}
			return a.show(cmd, run, o, corpus)
		},
	}
	f := cmd.Flags()
	store.flags(f)
	f.StringVar(&corpus, "corpus", "", "save the run's counterexamples in this `folder`")
	o = a.outputFlags(f)
	return cmd
}

// latest is the number of the last run.
func latest(cmd *cobra.Command, s *history.Store) (int64, error) {
	runs, err := s.Runs(cmd.Context(), "", 1)
	if err != nil {
		return 0, err
	}
	if len(runs) == 0 {
		return 0, fmt.Errorf("no run was kept yet")
	}
	return runs[0].ID, nil
}

// show prints a report again, and writes what was asked for.
func (a *app) show(cmd *cobra.Command, run *results.Run, o *outputs, corpus string) error {
	out := a.text(o)
	fmt.Fprintf(out, "%s, by %s\n\n", run.Began.Local().Format("Monday, 2 January 2006, 15:04:05"), run.Tool)
	if err := results.Console(out, run, a.wantsColour(out)); err != nil {
		return err
	}
	if corpus != "" {
		if err := saveCounterexamples(corpus, run); err != nil {
			return err
		}
	}
	if !a.writeForms(cmd.Context(), run, o) {
		return exit(exitError)
	}
	return nil
}

// saveCounterexamples writes a run's counterexamples into a folder, each under the
// name that it had.
func saveCounterexamples(folder string, run *results.Run) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for i := range run.Properties {
		for _, f := range run.Properties[i].Result.Failures {
			if f.File == "" || f.Text == "" {
				continue
			}
			if err := properties.WriteFile(filepath.Join(folder, filepath.Base(f.File)), []byte(f.Text)); err != nil {
				return err
			}
		}
	}
	return nil
}
