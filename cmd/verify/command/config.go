package command

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/cmd/verify/command/configuration"
	"synchrony/properties"
)

// defaultConfig is the configuration file that is read if it is there.
const defaultConfig = "verify.yaml"

// configOptions say which configuration file to read.
type configOptions struct {
	path string // empty is defaultConfig, if it is there
	none bool
	used string // the file that the command has flags from; empty if there is none
}

// flags adds the flags that choose the configuration file.
func (o *configOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.path, "config", "", "read flags from this `file` (default "+defaultConfig+", if it is there)")
	f.BoolVar(&o.none, "no-config", false, "read no configuration file")
}

// configure sets the flags of cmd that the configuration file has values for, and the
// command line has not.
func (a *app) configure(cmd *cobra.Command) error {
	o := &a.config
	switch {
	case o.none && o.path != "":
		return wrongUse(cmd, "--config and --no-config contradict each other")
	case o.none || !configuration.Configurable(cmd):
		return nil
	}
	path := o.path
	if path == "" {
		path = defaultConfig
	}
	content, err := properties.ReadFile(path)
	var pathErr *fs.PathError
	switch {
	case o.path == "" && errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.As(err, &pathErr):
		return fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	case err != nil:
		return err
	}
	used, err := configuration.Apply(path, content, o.path != "", cmd)
	if used {
		o.used = path
	}
	return err
}

// explained adds to a mistake on the command line that the flag may be in the file.
func (a *app) explained(err error) error {
	var u *usageError
	if a.config.used != "" && errors.As(err, &u) {
		return fmt.Errorf("%w (%s gives flags, too)", err, a.config.used)
	}
	return err
}
