package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"synchrony/properties/foreign"
)

// complete tells shells what may stand where on the command line, beyond the names of
// commands and flags.
func (a *app) complete(root *cobra.Command) error {
	workloads := []string{"ae", "zxasm", "zxbc"}
	histories := []string{"edn", "json", "jsonl", "log", "txt"}
	files := map[string][]string{ // by the ends of their names
		"exec": workloads, "prove": workloads, "explore": workloads, "farm explore": workloads,
		"replay": {"txtar"}, "check": histories, "farm check": histories, "merge": {"json"},
	}
	kinds, _ := foreign.Kinds()
	for _, cmd := range documented(root)[1:] {
		switch name := strings.TrimPrefix(cmd.CommandPath(), root.CommandPath()+" "); {
		case name == "run" || name == "farm run" || name == "list" || name == "history":
			cmd.ValidArgsFunction = a.propertyNames
		case files[name] != nil:
			cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return files[name], cobra.ShellCompDirectiveFilterFileExt
			}
		case cmd.ValidArgsFunction == nil && cmd.ValidArgs == nil:
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
		for flag, words := range map[string][]string{
			"model": modelNames(), "format": formatNames(), "isolation": levelNames(), "pairs": {"auto", "key", "value"}, "nil-reads": {"absent", "unknown"}, "kind": kinds, "since": nil, "require-label": nil, "mode": {"auto", "parallel", "sequential", "serial", "blocking"},
		} {
			if cmd.Flags().Lookup(flag) == nil {
				continue
			}
			if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
				return err
			}
		}
		if cmd.Flags().Lookup("model-file") != nil {
			if err := cmd.MarkFlagFilename("model-file", "model"); err != nil {
				return err
			}
		}
		for _, flag := range []string{"corpus", "dir", "source"} {
			if cmd.Flags().Lookup(flag) == nil {
				continue
			}
			if err := cmd.MarkFlagDirname(flag); err != nil {
				return err
			}
		}
	}
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			for _, shell := range cmd.Commands() {
				shell.Example = "  verify completion " + shell.Name() + " > FILE"
			}
			cmd.Example = "  verify completion bash > ~/.local/share/bash-completion/completions/verify"
			cmd.Args = atLeastOne("shell")
			cmd.RunE = func(cmd *cobra.Command, args []string) error {
				return wrongUse(cmd, "there is no completion for %q%s", args[0], didYouMean(args[0], commandNames(cmd)))
			}
		}
	}
	modes := []string{string(colourAuto), string(colourAlways), string(colourNever)}
	return root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(modes, cobra.ShellCompDirectiveNoFileComp))
}

// propertyNames are the properties and groups that are not on the command line yet, with
// what they state.
func (a *app) propertyNames(_ *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, c := range a.registry.All() {
		if in := c.Info(); !slices.Contains(given, in.ID) {
			words = append(words, cobra.CompletionWithDesc(in.ID, in.Statement))
		}
	}
	for _, w := range names(a.registry) {
		if _, isProperty := a.registry.Lookup(w); !isProperty && !slices.Contains(given, w) {
			words = append(words, cobra.CompletionWithDesc(w, "all properties of this group"))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
