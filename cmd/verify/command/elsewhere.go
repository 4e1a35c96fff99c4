package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// stray is a flag of one command that people give to another, too.
type stray struct {
	given   string // the command that does not have it
	flag    string
	of      string // the one that has
	instead string // the other's flag for the same; "" if there is none
	about   string // what it is for, if that is not what the other is about
}

// strays are the flags for which a flag with a similar name would be no help.
var strays = []stray{
	{given: "replay", flag: "exec", of: "test", instead: "--debug"},
	{given: "test", flag: "debug", of: "replay", instead: "--exec dlv"},
	{given: "test", flag: "step", of: "replay", about: "properties"},
	{given: "test", flag: "trace", of: "replay", about: "properties"},
	{given: "test", flag: "iterations", of: "run", instead: "--schedules"},
	{given: "run", flag: "schedules", of: "test", instead: "--iterations"},
}

// elsewhere says which command has a flag that this one does not have, and what this one has for it; "" if that is not known.
func elsewhere(cmd *cobra.Command, flag string) string {
	program := cmd.Root().CommandPath() + " "
	for _, s := range strays {
		if s.flag != flag || s.given != strings.TrimPrefix(cmd.CommandPath(), program) {
			continue
		}
		what := fmt.Sprintf("--%s is of %s%s", s.flag, program, s.of)
		if s.about != "" {
			what += ", for " + s.about
		}
		if s.instead != "" {
			what += "; here it is " + s.instead
		}
		return what
	}
	return ""
}
