package command

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/reports/results"
)

// listCommand names the properties.
func (a *app) listCommand() *cobra.Command {
	var asJSON, ofMutants bool
	cmd := &cobra.Command{
		Use:   "list [PROPERTY…]",
		Short: "List the properties, with what each states",
		Long: `List the properties, with what each states. A PROPERTY is an ID or a group;
without any, all are listed. verify run leaves two groups out unless they are
named: "broken", demonstrations whose systems are broken on purpose, and
"proof", which replays what verify prove has refuted. With --mutants, the
mutants of verify mutants run are listed instead, with the property that must
kill each and what it breaks.`,
		Example: `  verify list
  verify list batch
  verify list --mutants
  verify list --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if ofMutants {
				return a.listMutants(cmd, args, asJSON)
			}
			checks := a.registry.All()
			if len(args) > 0 {
				var err error
				if checks, err = a.selected(cmd, args); err != nil {
					return err
				}
			}
			infos := []properties.Info{}
			for _, c := range checks {
				infos = append(infos, c.Info())
			}
			if asJSON {
				return results.WriteJSON(a.stdout, infos)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
			for _, in := range infos {
				fmt.Fprintf(w, "%s\t%s\t%s\n", in.ID, in.Group, in.Statement)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with the checkers and the sometimes-conditions, or what is known of each mutant")
	cmd.Flags().BoolVar(&ofMutants, "mutants", false, "list the mutants")
	return cmd
}
