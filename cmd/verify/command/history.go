package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"synchrony/reports/history"
	"synchrony/reports/results"
)

// historyCommand lists the runs that were kept.
func (a *app) historyCommand() *cobra.Command {
	var store storeOptions
	var limit int
	var asJSON bool
	var folder string
	cmd := &cobra.Command{
		Use:   "history [PROPERTY]",
		Short: "List the runs that were kept",
		Long: `List the runs that were kept, the latest first; those of one PROPERTY, with its
figures, if it is named. verify show has the report of each.

With --html the list is a page in a folder, beside a page for each of the runs: what
each property showed from run to run, and since when.

A run is kept if a person is watching: standard output is a terminal, and CI is not
set. --store FILE keeps it anywhere, and --no-store keeps none. The last ` + fmt.Sprint(history.Keep) + `
are kept.`,
		Example: `  verify history
  verify history S6 -n 5
  verify history --html runs         index.html, and a page for each run
  verify history --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case limit < 1:
				return wrongUse(cmd, "--limit is %d, and must be at least 1", limit)
			case len(args) > 1:
				return wrongUse(cmd, "one property at a time, not %d", len(args))
			case asJSON && folder != "":
				return wrongUse(cmd, "--json and --html contradict each other")
			case cmd.Flags().Changed("html") && folder == "":
				return wrongUse(cmd, "--html must name a folder")
			}
			property := ""
			if len(args) == 1 {
				check, known := a.registry.Lookup(args[0])
				if !known {
					return wrongUse(cmd, "there is no property %q%s", args[0], didYouMean(args[0], names(a.registry)))
				}
				property = check.Info().ID
			}
			var runs []history.Entry
			err := store.use(cmd.Context(), func(s *history.Store) (err error) {
				if runs, err = s.Runs(cmd.Context(), property, limit); err != nil || folder == "" {
					return err
				}
				return a.writeHistory(cmd.Context(), s, runs, folder)
			})
			switch {
			case err != nil || folder != "":
				return err
			case asJSON:
				return results.WriteJSON(a.stdout, runs)
			}
			return a.listRuns(runs)
		},
	}
	f := cmd.Flags()
	store.flags(f)
	f.IntVarP(&limit, "limit", "n", 20, "list at most so many runs")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	f.StringVar(&folder, "html", "", "write pages into this `folder`: index.html, and one for each run")
	unrepeated(f, "html")
	return cmd
}

// use opens the history for f. There must be one: reading makes none.
func (o *storeOptions) use(ctx context.Context, f func(*history.Store) error) error {
	file, err := o.file()
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no run was kept yet: there is no %s; verify run at a terminal, or with --store, keeps one", file)
	}
	s, err := history.Open(ctx, file)
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Close())
}

// listRuns prints a line for each run.
func (a *app) listRuns(runs []history.Entry) error {
	if len(runs) == 0 {
		fmt.Fprintln(a.stdout, "no run that was kept has tested it")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "run\tbegan\tverdict\tcases\tschedules/s\ttime\tseed\trepeat with")
	for i := range runs {
		e := &runs[i]
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%.0f\t%.2f s\t%d\t%s\n",
			e.ID, e.Began.Local().Format(time.DateTime), e.Status, e.Cases, e.Rate(), e.Seconds, e.Seed, e.Command)
	}
	return w.Flush()
}
