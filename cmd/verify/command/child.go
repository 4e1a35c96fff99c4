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
	return &cobra.Command{
		Use:    childName,
		Short:  "Run one property for a parent process",
		Hidden: true,
		Args:   none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return isolate.Serve(cmd.Context(), a.registry.Lookup)
		},
	}
}

// newRunner runs properties in children: this program again.
func (a *app) newRunner(patience time.Duration) (*isolate.Runner, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return &isolate.Runner{
		Executable: self, Arguments: []string{childName}, Patience: patience, Lookup: a.registry.Lookup,
	}, nil
}
