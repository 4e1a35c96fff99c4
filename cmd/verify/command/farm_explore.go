package command

import (
	"cmp"

	"github.com/spf13/cobra"

	"synchrony/properties/campaign"
	"synchrony/properties/farm"
)

// farmExploreCommand is verify explore on a farm.
func (a *app) farmExploreCommand() *cobra.Command {
	var o exploreOptions
	var farmed farmOptions
	cmd := &cobra.Command{
		Use:   "explore [FILE]",
		Short: "Run every schedule as verify explore does, on many machines",
		Long: `Run every schedule of one case, or of every batch of a small scope, as verify explore
does, on many machines: see "verify farm". What it comes to is what verify explore comes
to, whatever the workers are and whatever becomes of them.

The scope is explored in tasks of some batches each. One case that has many schedules is
divided into 8 parts: more workers than that have nothing to do.

An exploration that was ended before it was complete goes on with the same command. There
is no --time, and no --state with a file: the farm keeps what was explored.

Exit codes: those of verify explore.`,
		Example: `  verify farm explore --all --accounts 2 --transactions 3 --workers 2
  verify farm explore transfers.ae --workers 3 --server nats://farm:4222`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.all {
				return none(cmd, args)
			}
			return exactlyOne("file, or --all for every batch of a small scope")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.given, o.farm = cmd.Flags().Changed, &farmed
			if err := cmp.Or(o.check(cmd), farmed.check(cmd)); err != nil {
				return err
			}
			return a.explore(cmd, &o, args)
		},
	}
	o.caseFlags(cmd.Flags())
	farmed.flags(cmd.Flags())
	return cmd
}

// farmExplorer explores cases on a farm.
func (a *app) farmExplorer(cmd *cobra.Command, o *exploreOptions, args []string) (campaign.Explorer, func(), error) {
	f, err := a.openFarm(cmd.Context(), o.farm, repeatLine(cmd, args), nil)
	if err != nil {
		return nil, nil, err
	}
	o.jobs = tasksAtOnce
	r := &farm.Runner{Submitter: f.Submitter, Patience: o.hangTimeout, Memory: int64(o.memory) << 20, Lookup: a.registry.Lookup}
	return r, func() { f.conclude(cmd.Context(), true, "with what was explored") }, nil
}
