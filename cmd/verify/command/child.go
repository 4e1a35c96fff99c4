package command

import (
	"os"
	"time"

	"github.com/spf13/cobra"

	"synchrony/properties/isolate"
)

// childName is the hidden command that child processes run.
const childName = "child"

// childCommand serves one request of a parent process.
func (a *app) childCommand() *cobra.Command {
	var o foreignOptions
	cmd := &cobra.Command{
		Use:    childName,
		Short:  "Run one property for a parent process",
		Hidden: true,
		Args:   none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.use(cmd.Context(), cmd, &o, 0); err != nil { // the program greeted the parent: that it does not now is no violation
				return isolate.Decline(err.Error())
			}
			return isolate.Serve(cmd.Context(), a.registry.Lookup)
		},
	}
	o.flags(cmd.Flags())
	cmd.Flags().DurationVar(&o.patience, "patience", 0, "of the program of --system, for a line")
	return cmd
}

// newRunner runs properties in children: this program again.
func (a *app) newRunner(patience time.Duration) (*isolate.Runner, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return &isolate.Runner{
		Executable: self, Arguments: a.childArguments(), Patience: patience, Lookup: a.registry.Lookup,
	}, nil
}
