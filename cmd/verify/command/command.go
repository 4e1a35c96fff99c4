// Package command provides command verify over any properties: a program whose main function is
//
//	func main() { command.Main(properties.NewRegistry(…)) }
//
// runs, replays, explores and reports them as verify does the built-in ones, each in a process of its own.
package command

import (
	"context"
	"flag"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"testing"

	"github.com/spf13/cobra"

	"synchrony/properties"
)

// Main is the whole program, over the given properties. The error is that of making the registry, so that the results of
// [properties.NewRegistry] can be handed on. It does not return. The program's child processes are the program itself, so that it must
// call Main whatever its arguments are.
func Main(registry *properties.Registry, err error) {
	if err != nil {
		os.Exit(exitCode(os.Stderr, err))
	}
	os.Exit(run(registry, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// app is what every command needs.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	registry       *properties.Registry
	foreign        *foreignOptions // the program whose property is the only one, or nil
	colour         colourMode      // of all text for people
	config         configOptions
}

// run is the whole program; it returns the exit code.
func run(registry *properties.Registry, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	// rapid keeps its settings in flags that the testing package registers; no
	// flag of ours is among them.
	testing.Init()
	if err := flag.CommandLine.Parse(nil); err != nil {
		return exitCode(stderr, err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// A second Ctrl-C ends the program at once. No other signal does: a system under test may
	// send them again and again.
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, registry: registry, colour: colourAuto}
	root := a.root()
	root.SetArgs(likeGo(args))
	return exitCode(stderr, a.explained(root.ExecuteContext(ctx)))
}

// root is the command without a subcommand.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: programName(),
		Annotations: map[string]string{
			cobra.CommandDisplayNameAnnotation: typed(), // in what a person reads, and may type
		},
		Short: "Test parallel systems under controlled and real schedules",
		Long: `verify draws cases at random, runs each under many schedules, judges what
happened, and shrinks what failed to a minimal counterexample in a file that
anyone can replay.

Exit codes: 0 all passed; 1 a property was violated, a batch was not committed,
or a program did not end as expected; 2 wrong use, or the harness itself failed;
3 inconclusive; 4 a failure that did not reproduce.`,
		Example: `  verify run                          every property, 200 cases each
  verify run S5 S7 -n 1000 --seed 1   some of them, 1,000 cases each
  verify replay counterexamples/*     what was found, again
  verify exec transfers.ae            run one batch
  verify exec sum.zxasm --chunks      run one program`,
		Version:       version(),
		Args:          cobra.ArbitraryArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongUse(cmd, "unknown command %q%s", args[0], didYouMean(args[0], commandNames(cmd)))
			}
			return cmd.Help()
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.configure(cmd) }
	a.config.flags(root.PersistentFlags())
	root.PersistentFlags().Var(&a.colour, "color", "colour text: auto (on a terminal, unless the environment says no), always or never")
	root.AddCommand(a.runCommand(), a.farmCommand(), a.workCommand(), a.testCommand(), a.replayCommand(), a.listCommand(), a.execCommand(), a.checkCommand(), a.mergeCommand(), a.historyCommand(), a.showCommand(), a.childCommand())
	root.AddCommand(a.exploreCommand(), a.proveCommand(), a.mutantsCommand(), a.doctorCommand(), a.newCommand(), a.versionCommand())
	root.AddCommand(a.manCommand())
	root.AddCommand(topics()...)
	arrange(root)
	if err := a.complete(root); err != nil {
		panic(err) // a flag has two completions
	}
	ownExamples(root, a.registry, typed())
	return root
}

// helpCommand is cobra's, but for a word that names no command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND | TOPIC]",
		Short:   "Say what a command is for, or show a page on a topic",
		GroupID: "program",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			of, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return helpNames(of), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return wrongUse(cmd.Root(), "unknown command %q%s", args[len(args)-1], didYouMean(args[len(args)-1], helpNames(cmd.Root())))
			}
			of.InitDefaultHelpFlag()
			return of.Help()
		},
	}
}

// arrange groups the commands in the help by what they are for.
func arrange(root *cobra.Command) {
	root.SetHelpCommand(helpCommand())
	root.SetCompletionCommandGroupID("program")
	for _, g := range []struct {
		id, title string
		commands  []string
	}{
		{"properties", "Properties:", []string{"run", "farm", "work", "test", "replay", "list", "merge", "mutants", "history", "show"}},
		{"file", "One file:", []string{"exec", "explore", "prove", "check"}},
		{"program", "This program:", []string{"new", "doctor", "version", "man"}},
	} {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, cmd := range root.Commands() {
			if slices.Contains(g.commands, cmd.Name()) {
				cmd.GroupID = g.id
			}
		}
	}
}

func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}
