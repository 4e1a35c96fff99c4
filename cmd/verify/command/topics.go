package command

import (
	"github.com/spf13/cobra"

	"synchrony/docs"
)

// topics are the pages of help that belong to no command. Cobra takes a command that
// cannot be run, and has no subcommands, for one.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "ae", Short: "The language of batches: grammar, operators, limits, examples", Long: docs.AE},
		{Use: "exit-codes", Short: "What exit codes mean", Long: docs.ExitCodes},
		{Use: "files", Short: "Which files are read and written", Long: docs.Files},
		{Use: "languages", Short: "In which languages workloads are written", Long: docs.Languages},
		{Use: "schedules", Short: "What a schedule is, how it is written, and which are tried", Long: docs.Schedules},
		{Use: "zxasm", Short: "The language of programs: instructions, builtins, limits, examples", Long: docs.ZXASM},
	}
}

// helpNames are what help can be asked for below cmd: its commands, then its topics.
func helpNames(cmd *cobra.Command) []string {
	names := commandNames(cmd)
	for _, c := range cmd.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}
